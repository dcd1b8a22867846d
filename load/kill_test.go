package load

import (
	"errors"
	"sync"
	"testing"

	"chungtay/internal/dbtest"
)

// The server is killed again and again while units send their reports. Everything acknowledged is there exactly once with its own figures;
// a unit that got no answer sends the same again, as its browser does, and that too is there once.
func TestSubmissionsAcrossKills(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: with -short no server is killed")
	}
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			dsn := ""
			if kind == "postgres" {
				dsn = dbtest.PostgresURL(t)
			}
			x := newNation(t, dsn, 160)
			a, papers := x.ask("Kết quả đợt hưởng ứng", 160)
			var mu sync.Mutex // guards the server and what follows
			srv := x.serve()
			acknowledged, unanswered, kills := 0, 0, 0
			up := sync.NewCond(&mu)
			running := true
			work := make(chan paper)
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					for p := range work {
						for {
							mu.Lock()
							for !running {
								up.Wait()
							}
							mu.Unlock()
							err := x.send(p)
							var l *lost
							mu.Lock()
							if err == nil {
								acknowledged++
								if acknowledged >= (kills+1)*len(papers)/5 && kills < 4 && running {
									kills, running = kills+1, false
									srv.kill() // others are in the middle
									srv = x.serve()
									running = true
									up.Broadcast()
								}
							} else if errors.As(err, &l) {
								unanswered++
							} else {
								t.Error(err)
							}
							mu.Unlock()
							if !errors.As(err, &l) {
								break
							}
						}
					}
				})
			}
			for _, p := range papers {
				work <- p
			}
			close(work)
			all.Wait()
			x.check(a, papers)
			if acknowledged != len(papers) || kills != 4 || unanswered == 0 {
				t.Errorf("%d of %d acknowledged, %d kills, %d left without an answer", acknowledged, len(papers), kills, unanswered)
			}
			t.Logf("%d acknowledged across %d kills, %d sent again", acknowledged, kills, unanswered)
		})
	}
}
