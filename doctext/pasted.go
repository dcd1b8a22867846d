package doctext

import (
	"bytes"
	"errors"
	"image"
	"slices"
	"strings"
	"unicode"
)

const (
	maxPasted   = 20       // pictures of one office file that are recognised
	pastedBytes = 30 << 20 // of one of them
	pageSide    = 350      // pixels: emblems, signatures and stamps are smaller than a page
	fewLetters  = 200      // an office file with fewer is but a cover around its pictures
)

// pasted looks at the pictures of an office file. Where there is hardly any text beside them, somebody pasted scans into it: they are
// recognised. Otherwise it is said that there are pictures whose letters were not read.
func (j *job) pasted(z *container, names []string) error {
	var pages []string
	for _, name := range names[:min(len(names), 500)] {
		part, err := z.part(name)
		if err != nil {
			continue
		}
		config, _, err := image.DecodeConfig(part)
		part.Close()
		if err == nil && min(config.Width, config.Height) >= pageSide && int64(config.Width)*int64(config.Height) <= maxPixels {
			pages = append(pages, name)
		}
	}
	if len(pages) == 0 {
		return nil
	}
	letters := 0
	for _, p := range j.out.pieces {
		letters += lettersIn(p.text)
		if p.table != nil {
			for _, row := range p.table.rows {
				for _, c := range row {
					for _, s := range c {
						letters += lettersIn(s)
					}
				}
			}
		}
	}
	if letters >= fewLetters {
		j.warn("doctext.warn.pictures", len(pages))
		return nil
	}
	o, missing := j.recogniser()
	if missing != nil {
		if letters == 0 {
			return missing
		}
		j.warn("doctext.warn.pictures", len(pages))
		return nil
	}
	var sheets []sheet
	for _, name := range pages[:min(len(pages), maxPasted, j.o.MaxOCR)] {
		raw, err := z.small(name, pastedBytes)
		if err != nil {
			return err
		}
		img, _, err := image.Decode(bytes.NewReader(raw))
		if err != nil {
			j.warn("doctext.warn.pictures", 1)
			continue
		}
		g, _ := straight(grey(img))
		words, err := o.words(j.ctx, pgm(g), 0)
		if err != nil && j.ctx.Err() == nil && errors.Is(err, ErrDamaged) {
			j.warn("doctext.warn.pictures", 1)
			continue
		} else if err != nil {
			return err
		}
		s := sheet{Number: len(sheets) + 1, DPI: paperDPI(g)}
		s.use(words, drawnLines(g))
		n := 0
		for _, w := range s.Words {
			n += len(w.Text) + 1
		}
		if err := j.out.grow(n); err != nil {
			return err
		}
		sheets = append(sheets, s)
	}
	if left := len(pages) - maxPasted; left > 0 {
		j.warn("doctext.warn.pictures", left)
	}
	j.out.compose(sheets)
	o.report(j.out)
	return nil
}

func lettersIn(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// picturesUnder lists the parts of a folder by name.
func (c *container) picturesUnder(folder string) []string {
	var names []string
	for name := range c.files {
		if strings.HasPrefix(name, folder) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
