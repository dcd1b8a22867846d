// Package i18n holds the words shown to people. Every package that speaks has a text.vi.toml and a text.en.toml beside it, flat tables
// of key = "sentence"; app collects them into one Catalogue. Vietnamese comes first: it is complete, and English has the same keys.
//
// A sentence may hold its arguments by position: "Còn {0} ngày". How an argument is written follows its type and the language:
// integers get thousands separators (38.450, in English 38,450), civil.Date 03/8/2021, time.Time 14:32 ngày 03/8/2021, float64 58,3,
// Message the sentence of its key, a Speaker by itself, everything else as fmt.Sprint writes it. English plurals are written
// {0:plural:report|reports}, which prints the word alone; {0:lower} writes a label inside a sentence.
package i18n

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/BurntSushi/toml"

	"chungtay/internal/civil"
	"chungtay/internal/errs"
)

// Speaker is an argument that has a wording of its own in each language: a label of a form, a figure.
type Speaker interface{ In(l Lang) string }

// Lang is a language of the interface.
type Lang string

// The languages. Vietnamese is the default.
const (
	VI Lang = "vi"
	EN Lang = "en"
)

// Langs lists them, the default first.
var Langs = []Lang{VI, EN}

// ParseLang returns the language named, or the default.
func ParseLang(s string) Lang {
	if s == "en" {
		return EN
	}
	return VI
}

// Catalogue holds all sentences in all languages. It is read-only once made.
type Catalogue struct{ words map[Lang]map[string]string }

// Load reads text.vi.toml and text.en.toml from the root of each file system. Keys are unique over all of them and the same in both
// languages; every placeholder of one language appears in the other. What is wrong is listed in the error.
func Load(sources ...fs.FS) (*Catalogue, error) {
	c := &Catalogue{words: map[Lang]map[string]string{VI: {}, EN: {}}}
	var wrong []string
	for i, src := range sources {
		for _, l := range Langs {
			name := "text." + string(l) + ".toml"
			b, err := fs.ReadFile(src, name)
			if err != nil {
				return nil, fmt.Errorf("words of source %d: %w", i, err)
			}
			var tree map[string]any
			if err := toml.Unmarshal(b, &tree); err != nil {
				return nil, fmt.Errorf("words of source %d, %s: %w", i, name, err)
			}
			flat := map[string]string{}
			flatten("", tree, flat, &wrong)
			for k, v := range flat {
				if _, ok := c.words[l][k]; ok {
					wrong = append(wrong, k+" is defined twice in "+string(l))
				}
				c.words[l][k] = v
			}
		}
	}
	for k, v := range c.words[VI] {
		e, ok := c.words[EN][k]
		if !ok {
			wrong = append(wrong, k+" is missing in en")
		} else if !slices.Equal(holes(v), holes(e)) {
			wrong = append(wrong, fmt.Sprintf("%s has arguments %v in vi and %v in en", k, holes(v), holes(e)))
		}
	}
	for k := range c.words[EN] {
		if _, ok := c.words[VI][k]; !ok {
			wrong = append(wrong, k+" is missing in vi")
		}
	}
	if wrong != nil {
		sort.Strings(wrong)
		return nil, fmt.Errorf("words: %s", strings.Join(wrong, "; "))
	}
	return c, nil
}

func flatten(prefix string, tree map[string]any, out map[string]string, wrong *[]string) {
	for k, v := range tree {
		if prefix != "" {
			k = prefix + "." + k
		}
		switch v := v.(type) {
		case string:
			out[k] = v
		case map[string]any:
			flatten(k, v, out, wrong)
		default:
			*wrong = append(*wrong, k+" is not a sentence")
		}
	}
}

// holes lists the arguments a sentence uses, each once, sorted.
func holes(s string) []string {
	var out []string
	for {
		i := strings.IndexByte(s, '{')
		if i < 0 {
			break
		}
		s = s[i+1:]
		j := strings.IndexAny(s, ":}")
		if j < 0 {
			break
		}
		if _, err := strconv.Atoi(s[:j]); err == nil && !slices.Contains(out, s[:j]) {
			out = append(out, s[:j])
		}
	}
	sort.Strings(out)
	return out
}

// Keys lists every key, sorted.
func (c *Catalogue) Keys() []string {
	out := make([]string, 0, len(c.words[VI]))
	for k := range c.words[VI] {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// Has tells whether a key exists.
func (c *Catalogue) Has(key string) bool { _, ok := c.words[VI][key]; return ok }

// Text returns the sentence of a key in a language. An unknown key is returned in double brackets, which a test finds on the page.
func (c *Catalogue) Text(l Lang, key string, args ...any) string {
	s, ok := c.words[l][key]
	if !ok {
		if s, ok = c.words[VI][key]; !ok {
			return "⟦" + key + "⟧"
		}
	}
	if len(args) == 0 || strings.IndexByte(s, '{') < 0 {
		return s
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '{')
		if i < 0 {
			break
		}
		j := strings.IndexByte(s[i:], '}')
		if j < 0 {
			break
		}
		b.WriteString(s[:i])
		spec := s[i+1 : i+j]
		s = s[i+j+1:]
		name, form, _ := strings.Cut(spec, ":")
		n, err := strconv.Atoi(name)
		if err != nil || n >= len(args) {
			b.WriteString("{" + spec + "}")
			continue
		}
		if words, ok := strings.CutPrefix(form, "plural:"); ok {
			one, other, _ := strings.Cut(words, "|")
			if fmt.Sprint(args[n]) == "1" {
				b.WriteString(one)
			} else {
				b.WriteString(other)
			}
			continue
		}
		text := c.format(l, args[n])
		if form == "lower" {
			text = lowerFirst(text)
		}
		b.WriteString(text)
	}
	b.WriteString(s)
	return b.String()
}

// lowerFirst makes a label fit inside a sentence: "Tên đơn vị" becomes "tên đơn vị", "UBND tỉnh" stays.
func lowerFirst(s string) string {
	r := []rune(s)
	if len(r) > 1 && unicode.IsUpper(r[0]) && !unicode.IsUpper(r[1]) {
		r[0] = unicode.ToLower(r[0])
	}
	return string(r)
}

func (c *Catalogue) format(l Lang, a any) string {
	switch v := a.(type) {
	case string:
		return v
	case int:
		return Int(l, int64(v))
	case int64:
		return Int(l, v)
	case float64:
		return Decimal(l, v, -1)
	case civil.Date:
		return Date(l, v)
	case time.Time:
		return Time(l, v)
	case errs.Message:
		return c.Text(l, v.Key, v.Args...)
	case Speaker:
		return v.In(l)
	}
	return fmt.Sprint(a)
}

// Int writes a whole number with thousands separators: 38.450, in English 38,450.
func Int(l Lang, n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	sep := "."
	if l == EN {
		sep = ","
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + sep + s[i:]
	}
	return sign + s
}

// Decimal writes a number with the given decimals (-1: as many as it has): 58,3, in English 58.3.
func Decimal(l Lang, f float64, decimals int) string {
	s := strconv.FormatFloat(f, 'f', decimals, 64)
	whole, frac, ok := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return s
	}
	out := Int(l, n)
	if n == 0 && whole[0] == '-' {
		out = "-0"
	}
	if ok {
		if l == EN {
			return out + "." + frac
		}
		return out + "," + frac
	}
	return out
}

// Date writes a date as administrative documents do, a zero before days 1-9 and months 1-2: 03/8/2021. In English 3 August 2021.
func Date(l Lang, d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	if l == EN {
		return fmt.Sprintf("%d %s %d", d.Day, d.Month, d.Year)
	}
	month := "%d"
	if d.Month < 3 {
		month = "%02d"
	}
	return fmt.Sprintf("%02d/"+month+"/%d", d.Day, int(d.Month), d.Year)
}

// Time writes an instant in Viet Nam: 14:32 ngày 03/8/2021, in English 14:32, 3 August 2021.
func Time(l Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	clock := t.In(civil.Zone).Format("15:04")
	if l == EN {
		return clock + ", " + Date(l, civil.Of(t))
	}
	return clock + " ngày " + Date(l, civil.Of(t))
}

type ctxKey struct{}

type speech struct {
	cat  *Catalogue
	lang Lang
}

// With returns a context in which T speaks a language from a catalogue.
func With(ctx context.Context, c *Catalogue, l Lang) context.Context {
	return context.WithValue(ctx, ctxKey{}, speech{c, l})
}

// As returns a context that speaks another language from the same catalogue: papers are Vietnamese whoever takes them.
func As(ctx context.Context, l Lang) context.Context {
	if s, ok := ctx.Value(ctxKey{}).(speech); ok {
		return With(ctx, s.cat, l)
	}
	return ctx
}

// T returns the sentence of a key in the language of the context. Templates call it; a context without words gives the key in brackets.
func T(ctx context.Context, key string, args ...any) string {
	s, ok := ctx.Value(ctxKey{}).(speech)
	if !ok {
		return "⟦" + key + "⟧"
	}
	return s.cat.Text(s.lang, key, args...)
}

// Has tells whether the context has a sentence for a key: for words that rooms may leave to a plainer form.
func Has(ctx context.Context, key string) bool {
	s, ok := ctx.Value(ctxKey{}).(speech)
	return ok && s.cat.Has(key)
}

// TM is T for a message.
func TM(ctx context.Context, m errs.Message) string { return T(ctx, m.Key, m.Args...) }

// Current is the language of the context.
func Current(ctx context.Context) Lang {
	if s, ok := ctx.Value(ctxKey{}).(speech); ok {
		return s.lang
	}
	return VI
}
