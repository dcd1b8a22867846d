package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/crypto/acme/autocert"

	"chungtay/internal/jobs"
	"chungtay/internal/web"
)

// ServeCmd runs the server until it is told to stop (SIGINT, SIGTERM).
type ServeCmd struct {
	Config string `help:"Settings file (TOML)." type:"path"`
}

// Run serves. The order to stop is obeyed in three steps that lose no request: readiness answers 503, running requests and jobs end
// within server.grace, the database closes.
func (c ServeCmd) Run(ctx context.Context, s *Streams) error {
	cfg, err := LoadConfig(c.Config, os.Environ())
	if err != nil {
		return err
	}
	log := newLogger(cfg, s)
	in, err := Open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := in.Ready(ctx); err != nil {
		return err
	}
	handler, srv, err := in.Handler()
	if err != nil {
		return err
	}
	runner := in.Runner()
	ln, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return fmt.Errorf("server.listen = %q: %w; choose another address or stop the program that uses it", cfg.Listen, err)
	}
	fmt.Fprintf(s.Out, "Chung Tay %s: %s\n", Version, cfg.PublicURL)
	return in.Serve(ctx, ln, handler, srv, runner)
}

func newLogger(cfg Config, s *Streams) *slog.Logger {
	var level slog.Level
	level.UnmarshalText([]byte(cfg.LogLevel))
	o := &slog.HandlerOptions{Level: level}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(s.Err, o))
	}
	return slog.New(slog.NewTextHandler(s.Err, o))
}

// Time limits of a connection. A body has its own limit (internal/web); downloads and event streams extend theirs.
const (
	headerTime = 10 * time.Second
	writeTime  = 60 * time.Second
	idleTime   = 2 * time.Minute
)

// Serve serves on ln until ctx ends, then lets running requests end within the grace time.
func (in *Installation) Serve(ctx context.Context, ln net.Listener, h http.Handler, srv *web.Server, runner *jobs.Runner) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: headerTime, WriteTimeout: writeTime, IdleTimeout: idleTime, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(in.Log.Handler(), slog.LevelWarn)}
	streams, endStreams := context.WithCancel(context.Background())
	defer endStreams()
	server.BaseContext = func(net.Listener) context.Context { return jobs.Waking(streams, runner) }
	server.RegisterOnShutdown(endStreamsLater(endStreams, in.Config.Grace))
	done := make(chan error, 2)
	if in.Config.MetricsListen != "" {
		m := &http.Server{Addr: in.Config.MetricsListen, Handler: promhttp.HandlerFor(in.Metrics, promhttp.HandlerOpts{}), ReadHeaderTimeout: headerTime}
		go func() {
			if err := m.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
				done <- fmt.Errorf("server.metrics_listen: %w", err)
			}
		}()
		defer m.Close()
	}
	go func() {
		var err error
		switch {
		case len(in.Config.AutoCert) > 0:
			m := &autocert.Manager{Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(in.Config.AutoCert...), Cache: autocert.DirCache("data/certificates")}
			server.TLSConfig = m.TLSConfig()
			plain := &http.Server{Addr: ":80", Handler: m.HTTPHandler(nil), ReadHeaderTimeout: headerTime}
			defer plain.Close()
			go plain.ListenAndServe()
			err = server.ServeTLS(ln, "", "")
		case in.Config.TLSCert != "":
			err = server.ServeTLS(ln, in.Config.TLSCert, in.Config.TLSKey)
		default:
			err = server.Serve(ln)
		}
		done <- err
	}()
	working, stopWork := context.WithCancel(context.Background())
	worked := make(chan struct{})
	go func() {
		defer close(worked)
		if in.Config.JobWorkers > 0 {
			runner.Run(working)
		}
	}()
	defer func() { stopWork(); <-worked }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	srv.Drain()
	stopWork()
	in.Log.Info("stopping", "grace", in.Config.Grace.String())
	wait, cancel := context.WithTimeout(context.Background(), in.Config.Grace)
	defer cancel()
	if err := server.Shutdown(wait); err != nil {
		server.Close()
		return fmt.Errorf("requests were still running after server.grace = %s and were cut off", in.Config.Grace)
	}
	return nil
}

// endStreamsLater ends event streams when half of the grace time is over: they never end by themselves.
func endStreamsLater(end context.CancelFunc, grace time.Duration) func() {
	return func() { time.AfterFunc(grace/2, end) }
}
