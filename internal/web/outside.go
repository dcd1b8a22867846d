package web

import (
	"context"
	"errors"
)

// outside leaves a transaction so that its work may be done without one.
type outside struct {
	key  any
	work func(context.Context) (any, error)
}

func (*outside) Error() string { return "work to be done outside the transaction" }

// prepared is what work outside gave.
type prepared struct {
	value any
	err   error
}

// maxOutside bounds how often one request may leave its transaction; a form has at most maxFiles files and as many uploads.
const maxOutside = 2*maxFiles + 10

// Outside gives what work gave, which is done once in a request, outside of any transaction: what is slow, a file to be sealed and stored say, must not
// hold the database. The first time it returns an error that the page passes on as it is: the transaction is rolled back, work is done, and the
// page runs again, this time with the value, or with the error, of work. The key says which work it is. On routes without transaction
// work is done at once.
func (rq *Request) Outside(key any, work func(context.Context) (any, error)) (any, error) {
	if p, ok := rq.prepared[key]; ok {
		return p.value, p.err
	}
	o := &outside{key, work}
	if rq.Tx != nil {
		return nil, o
	}
	rq.prepare(o)
	return rq.prepared[key].value, rq.prepared[key].err
}

func (rq *Request) prepare(o *outside) {
	if rq.prepared == nil {
		rq.prepared = map[any]prepared{}
	}
	v, err := o.work(rq.Context())
	rq.prepared[o.key] = prepared{v, err}
}

// Finally has f called when the request is over, whether it went well or not.
func (rq *Request) Finally(f func()) { rq.finally = append(rq.finally, f) }

// leaving runs a transaction as often as the page asks for work outside.
func (rq *Request) leaving(run func() error) error {
	for n := 0; ; n++ {
		err := run()
		var o *outside
		if !errors.As(err, &o) {
			return err
		}
		if n == maxOutside {
			return errors.New("a page leaves its transaction again and again")
		}
		rq.Tx = nil
		rq.prepare(o)
	}
}
