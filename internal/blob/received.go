package blob

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"chungtay/internal/errs"
	"chungtay/internal/seal"
	"chungtay/internal/ui"
	"chungtay/internal/web"
)

// Received takes in the files of a form field: those that came with the form, and finished uploads named in the hidden field FIELD_sent. Files
// that are not of the types allowed (none given: Documents and Scans) are refused at the field with a sentence; what was accepted is returned and must
// be put to Use in the same transaction. Files are sealed and stored outside of it (web.Request.Outside): the page passes the error on, and runs again.
func (s *Store) Received(rq *web.Request, f *web.Form, field string, allow ...Type) ([]Ref, error) {
	if len(allow) == 0 {
		allow = slices.Concat(Documents, Scans)
	}
	var out []Ref
	take := func(ref Ref, err error) error {
		switch m, ok := errs.TextOf(err); {
		case err == nil && !slices.Contains(allow, ref.Type):
			m, _ := errs.TextOf(refusal(ref.Type, ref.Name, allow))
			f.Refuse(field, m.Key, m.Args...)
		case err == nil:
			if !slices.ContainsFunc(out, func(r Ref) bool { return r.ID == ref.ID }) {
				out = append(out, ref)
			}
		case ok && (errs.Is(err, errs.Invalid) || errs.Is(err, errs.TooLarge)):
			f.Refuse(field, m.Key, m.Args...)
		default:
			return err
		}
		return nil
	}
	for _, u := range f.Files(field) {
		var ref Ref
		st, err := s.stageFor(rq, u.Key, func(ctx context.Context) (*staged, error) {
			r, err := u.Open()
			if err != nil {
				return nil, fmt.Errorf("open a received file: %w", err)
			}
			defer r.Close()
			return s.stage(ctx, r, PutOptions{Name: u.Name, Allow: allow}, nil)
		})
		if err == nil {
			ref, err = s.add(rq.Tx, st)
		}
		if err := take(ref, err); err != nil {
			return nil, err
		}
	}
	for _, v := range f.RawAll(field + "_sent") {
		if v == "" {
			continue
		}
		ref, err := s.claim(rq, v[strings.LastIndexByte(v, '/')+1:])
		if err := take(ref, err); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// stageFor stages a content before the transaction of a request. What the request
// did certainly not commit is removed when it is over.
func (s *Store) stageFor(rq *web.Request, key any, stage func(context.Context) (*staged, error)) (*staged, error) {
	v, err := rq.Outside(key, func(ctx context.Context) (any, error) {
		st, err := stage(ctx)
		if err != nil {
			return nil, err
		}
		rq.Finally(func() {
			if !st.kept {
				s.discard(ctx, objectName(st.row.ID))
			}
		})
		return st, nil
	})
	st, _ := v.(*staged)
	return st, err
}

// Sent lists the finished uploads that a form names, so that a refused form shows them again and they are not sent twice (ui.Field.Sent).
// Files that came with the form itself are gone with it.
func (s *Store) Sent(rq *web.Request, f *web.Form, field string) ([]ui.Sent, error) {
	var out []ui.Sent
	for _, v := range f.RawAll(field + "_sent") {
		id := v[strings.LastIndexByte(v, '/')+1:]
		u, err := s.findMine(rq.Tx, rq.Actor.Person, id)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		var key *seal.Record
		if err == nil {
			key, err = s.vault.Find(rq.Tx, uploadKind, id)
		}
		var name []byte
		if err == nil {
			name, err = key.Unseal("name", u.Name)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, ui.Sent{Name: string(name), Size: sizeWords(u.Length), Value: TusPath + "/" + id, Done: int(100 * u.Received / u.Length)})
	}
	return out, nil
}

// claim gives a finished upload of the actor to the form that names it.
func (s *Store) claim(rq *web.Request, id string) (Ref, error) {
	u, err := s.findMine(rq.Tx, rq.Actor.Person, id)
	if errs.Is(err, errs.NotFound) {
		return Ref{}, errs.New(errs.Invalid, "blob.gone")
	}
	if err != nil {
		return Ref{}, err
	}
	key, err := s.vault.Find(rq.Tx, uploadKind, id)
	if err != nil {
		return Ref{}, err
	}
	name, err := key.Unseal("name", u.Name)
	if err != nil {
		return Ref{}, err
	}
	if u.Content == "" {
		if u.Received < u.Length {
			return Ref{}, errUnfinished(string(name))
		}
		st, err := s.stageFor(rq, "upload "+id, func(ctx context.Context) (*staged, error) { return s.stageUpload(ctx, u) })
		if err != nil {
			return Ref{}, err
		}
		if err := s.finishWith(rq.Tx, id, st); err != nil {
			return Ref{}, err
		}
		if u, _, err = findUpload(rq.Tx, id); err != nil {
			return Ref{}, err
		}
	}
	c, ok, err := findContent(rq.Tx, u.Content)
	if err != nil {
		return Ref{}, err
	}
	if !ok {
		return Ref{}, errs.New(errs.Invalid, "blob.gone")
	}
	if err := claimUpload(rq.Tx, id); err != nil {
		return Ref{}, err
	}
	return c.ref(nameFor(string(name), c.Type)), touchContent(rq.Tx, c.ID)
}
