package doctext

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// recogniser reads pictures through Tesseract, a program of its own with the language data of Vietnamese.
type recogniser struct {
	program string
	turned  bool // the data to tell how a page lies is there
	pages   int
	words_  int
	sure    float64 // sum of the confidences of all words, 0 to 100 each
}

// recogniser finds Tesseract; the error says that it is not there, or that Vietnamese is not.
func (j *job) recogniser() (*recogniser, error) {
	if j.o.NoOCR {
		return nil, refuse(ErrNoOCR)
	}
	program := j.o.OCR
	if program == "" {
		program = "tesseract"
	}
	path, err := exec.LookPath(program)
	if err != nil {
		return nil, refuse(ErrNoOCR)
	}
	ctx, cancel := context.WithTimeout(j.ctx, 20*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "--list-langs").CombinedOutput()
	if err != nil {
		return nil, refuse(ErrNoOCR)
	}
	o := &recogniser{program: path}
	found := false
	for _, lang := range strings.Fields(string(out)) {
		found = found || lang == "vie"
		o.turned = o.turned || lang == "osd"
	}
	if !found {
		return nil, refuse(ErrNoOCR)
	}
	return o, nil
}

// pictureWords reads a file of one or several pictures.
func (o *recogniser) read(ctx context.Context, picture []byte, dpi int) ([][]word, error) {
	mode := "3"
	if o.turned {
		mode = "1"
	}
	args := []string{"stdin", "stdout", "-l", "vie", "--oem", "1", "--psm", mode}
	if dpi > 0 {
		args = append(args, "--dpi", strconv.Itoa(dpi))
	}
	cmd := exec.CommandContext(ctx, o.program, append(args, "tsv")...)
	cmd.WaitDelay = time.Second
	// More threads make one page little faster and all of them together slower.
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	cmd.Stdin = bytes.NewReader(picture)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &limited{&complaint, 4096}
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return nil, broken(fmt.Errorf("tesseract: %w: %s", err, strings.TrimSpace(complaint.String())))
		}
		return nil, fmt.Errorf("run tesseract: %w", err)
	}
	return o.parse(out.String()), nil
}

// words reads one picture.
func (o *recogniser) words(ctx context.Context, picture []byte, dpi int) ([]word, error) {
	pages, err := o.read(ctx, picture, dpi)
	if err != nil || len(pages) == 0 {
		return nil, err
	}
	return pages[0], nil
}

// parse reads the table that Tesseract writes: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
func (o *recogniser) parse(tsv string) [][]word {
	var pages [][]word
	for _, line := range strings.Split(tsv, "\n") {
		f := strings.Split(strings.TrimRight(line, "\r"), "\t")
		if len(f) != 12 {
			continue
		}
		if f[0] == "1" && len(pages) < 10_000 {
			pages = append(pages, nil)
		}
		text := strings.TrimSpace(valid(f[11]))
		if f[0] != "5" || text == "" || len(pages) == 0 {
			continue
		}
		var n [4]float32
		for i := range n {
			v, err := strconv.ParseFloat(f[6+i], 32)
			if err != nil {
				v = 0
			}
			n[i] = float32(v)
		}
		sure, _ := strconv.ParseFloat(f[10], 64)
		if sure < 20 && !strings.ContainsFunc(text, isWordRune) {
			continue // specks, stamps, the rules under the header
		}
		o.words_++
		o.sure += max(0, min(100, sure))
		last := &pages[len(pages)-1]
		*last = append(*last, word{Text: text, X0: n[0], Y0: n[1], X1: n[0] + n[2], Y1: n[1] + n[3]})
	}
	o.pages += len(pages)
	return pages
}

// report says that text was recognised, and how sure that is.
func (o *recogniser) report(b *builder) {
	if o.pages == 0 {
		return
	}
	b.ocr = true
	sure := 0
	if o.words_ > 0 {
		sure = int(o.sure/float64(o.words_) + 0.5)
	}
	if sure < 75 {
		b.warn("doctext.warn.ocr-poor", 0, o.pages, sure)
	} else {
		b.warn("doctext.warn.ocr", 0, o.pages, sure)
	}
}

func isWordRune(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= 0xC0
}

// limited keeps the first bytes written to it.
type limited struct {
	b    *bytes.Buffer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	keep := min(len(p), l.left)
	l.b.Write(p[:keep])
	l.left -= keep
	return len(p), nil
}
