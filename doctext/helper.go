package doctext

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"sync"
	"time"
)

// Helpers are processes in which PDF is read. One that has read a file waits for the next, which saves the start of PDFium (a tenth of a
// second and more). Safe for concurrent use; Close ends them.
type Helpers struct {
	command []string
	keep    int // how many wait at most

	mu   sync.Mutex
	idle []*helper
}

// NewHelpers returns helpers that are started by a command that runs ServeHelper; at most keep of them wait for work.
func NewHelpers(command []string, keep int) *Helpers { return &Helpers{command: command, keep: keep} }

// Close ends the helpers that wait.
func (h *Helpers) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range h.idle {
		p.end()
	}
	h.idle, h.keep = nil, 0
}

type helper struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	enc *gob.Encoder
	dec *gob.Decoder
}

func (p *helper) end() error {
	p.in.Close()
	return p.cmd.Wait()
}

func (h *Helpers) take() (*helper, error) {
	h.mu.Lock()
	if n := len(h.idle); n > 0 {
		p := h.idle[n-1]
		h.idle = h.idle[:n-1]
		h.mu.Unlock()
		return p, nil
	}
	h.mu.Unlock()
	p := &helper{cmd: exec.Command(h.command[0], h.command[1:]...)}
	p.cmd.WaitDelay = time.Second
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("start helper: %w", err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start helper: %w", err)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start helper: %w", err)
	}
	p.enc, p.dec = gob.NewEncoder(p.in), gob.NewDecoder(out)
	return p, nil
}

// give lets a helper wait for the next file, or ends it.
func (h *Helpers) give(p *helper) {
	h.mu.Lock()
	if len(h.idle) < h.keep {
		h.idle = append(h.idle, p)
		p = nil
	}
	h.mu.Unlock()
	if p != nil {
		p.end()
	}
}

// read has one file read. The helper ends when the context does, and when take refuses what it finds.
func (h *Helpers) read(ctx context.Context, file io.Reader, req pdfRequest, take func(pdfMessage) error) error {
	p, err := h.take()
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { p.cmd.Process.Kill() })
	sent := make(chan error, 1)
	go func() {
		err := p.enc.Encode(req)
		if err == nil {
			var n int64
			if n, err = io.Copy(p.in, file); err == nil && n < req.Size {
				err = io.ErrUnexpectedEOF
				p.cmd.Process.Kill() // it waits for the rest
			}
		}
		sent <- err
	}()
	var failed, answer error
	done := false
	for failed == nil && !done {
		var m pdfMessage
		if err := p.dec.Decode(&m); err != nil {
			failed = broken(fmt.Errorf("helper: %w", err)) // it died on this file
			break
		}
		switch done = m.Done; {
		case done:
		case m.Reason != "":
			answer = take(m)
		default:
			failed = take(m)
		}
	}
	if !done {
		p.cmd.Process.Kill()
	}
	if err := <-sent; err != nil && failed == nil {
		failed = fmt.Errorf("send PDF to helper: %w", err)
	}
	if !stop() || failed != nil || ctx.Err() != nil {
		p.cmd.Process.Kill()
		p.end()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return failed
	}
	h.give(p)
	return answer
}

// ServeHelper is the other side: it reads PDFs from in, one after the other until there are no more, and writes what it finds to out. The
// program calls it when it was started by the command of Options.Helper.
func ServeHelper(ctx context.Context, in io.Reader, out io.Writer) error {
	requests, answers := gob.NewDecoder(&byByte{in}), gob.NewEncoder(out)
	send := func(m pdfMessage) error { return answers.Encode(m) }
	var e *engine
	for {
		var req pdfRequest
		if err := requests.Decode(&req); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("read request: %w", err)
		}
		if req.Size < 0 || req.Size > 1<<32 {
			return fmt.Errorf("file of %d bytes", req.Size)
		}
		file := make([]byte, req.Size)
		if _, err := io.ReadFull(in, file); err != nil {
			return fmt.Errorf("read file: %w", err)
		}
		if e == nil {
			var err error
			if e, err = startPDF(ctx, req.CacheDir, false); err != nil {
				return err
			}
			defer e.Close()
		}
		if err := e.read(ctx, bytes.NewReader(file), req, send); err != nil {
			if err := send(pdfMessage{Reason: reasonName(err), Detail: err.Error()}); err != nil {
				return err
			}
		}
		if err := send(pdfMessage{Done: true}); err != nil {
			return err
		}
	}
}

func reasonName(err error) string {
	for name, r := range pdfReasons {
		if errors.Is(err, r) {
			return name
		}
	}
	return "other"
}

// byByte gives a gob decoder no more bytes than it asks for: behind a request stands the file.
type byByte struct{ r io.Reader }

func (b *byByte) Read(p []byte) (int, error) { return b.r.Read(p) }

func (b *byByte) ReadByte() (byte, error) {
	var one [1]byte
	_, err := io.ReadFull(b.r, one[:])
	return one[0], err
}
