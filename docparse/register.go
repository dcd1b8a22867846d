package docparse

import (
	_ "embed"
	"strings"
)

// Instrument is one entry of a register of instruments (sổ văn bản). Unverified entries are known but not relied on.
type Instrument struct {
	Number     string
	Kind       string
	Issuer     string
	Date       Date
	Subject    string
	From       Date // in force from this date; zero: not known
	Until      Date // out of force from this date; zero: in force, or not known
	ReplacedBy string
	AmendedBy  string
	Certainty  Certainty
	Sources    []string // keys of the sources in which it was read
	Note       string   // what is not certain, for people
	Verified   bool
}

// Certainty says how far an entry can be relied on.
type Certainty string

// The degrees: read in sources; read, but a date or its state is not; only heard of.
const (
	Certain    Certainty = "certain"
	Partly     Certainty = "partly"
	Unverified Certainty = "unverified"
)

// InForce tells whether the instrument is in force on a day, as far as the register knows: repealed ones are not, nor are those not yet
// in force.
func (in Instrument) InForce(on Date) bool {
	return (!in.From.Full() || in.From.compare(on) <= 0) && (!in.Until.Full() || in.Until.compare(on) > 0)
}

// Register answers whether a cited document is known. It is passed to Read, so that an installation can add the
// documents it holds; the zero value knows nothing and raises no doubts about citations.
type Register struct {
	byKey map[string]Instrument
}

// NewRegister makes a register of instruments; later entries with the same number win.
func NewRegister(list ...Instrument) Register {
	r := Register{byKey: make(map[string]Instrument, len(list))}
	for _, in := range list {
		if in.Number != "" {
			r.byKey[symbolKey(in.Number)] = in
		}
	}
	return r
}

// Find returns the instrument with a number.
func (r Register) Find(number string) (Instrument, bool) {
	in, ok := r.byKey[symbolKey(number)]
	return in, ok
}

// central tells whether the register should know every document with this symbol: instruments of the Prime Minister,
// the Government and the National Assembly. Of local papers a register can only know some.
func central(sym Symbol) bool {
	k := fold(sym.Text)
	return strings.HasSuffix(k, "qđ-ttg") || strings.HasSuffix(k, "nđ-cp") || sym.Year != "" && strings.Contains(k, "/qh")
}

// near lists known instruments with the same symbol whose number differs in at most two digits.
func (r Register) near(sym Symbol) []Instrument {
	var out []Instrument
	tail := strings.TrimPrefix(sym.key(), fold(sym.Number))
	for key, in := range r.byKey {
		p, ok := ParseSymbol(in.Number)
		if !ok || strings.TrimPrefix(key, fold(p.Number)) != tail || len(p.Number) != len(sym.Number) || p.Number == sym.Number {
			continue
		}
		diff := 0
		for i := range p.Number {
			if p.Number[i] != sym.Number[i] {
				diff++
			}
		}
		if diff <= 2 {
			out = append(out, in)
		}
	}
	sortInstruments(out)
	return out
}

// about lists known instruments with the same kind of symbol whose subject the text names behind the citation.
func (r Register) about(sym Symbol, low string) []Instrument {
	var out []Instrument
	tail := strings.TrimPrefix(sym.key(), fold(sym.Number))
	for key, in := range r.byKey {
		p, ok := ParseSymbol(in.Number)
		if !ok || strings.TrimPrefix(key, fold(p.Number)) != tail || len(in.Subject) < 12 {
			continue
		}
		if strings.Contains(plainSubject(low), plainSubject(fold(in.Subject))) {
			out = append(out, in)
		}
	}
	sortInstruments(out)
	return out
}

// plainSubject leaves aside what subjects are written with and without.
func plainSubject(low string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("–", "-", " - ", "-", "“", "", "”", "", ",", "", "\"", "").Replace(low)), " ")
}

func sortInstruments(in []Instrument) {
	for i := 1; i < len(in); i++ {
		for j := i; j > 0 && in[j].Number < in[j-1].Number; j-- {
			in[j], in[j-1] = in[j-1], in[j]
		}
	}
}

// instruments.tsv holds the instruments with their state as of November 2026: one a line, the columns named in its first line. A value that
// no source gives is left empty, and the note says what is not certain.
//
//go:embed instruments.tsv
var instruments string

// Instruments lists the legal register on preventing and combating human trafficking, with the papers on records and personal data that
// offices cite beside it, by date.
func Instruments() []Instrument {
	var out []Instrument
	for i, line := range strings.Split(strings.TrimRight(instruments, "\n"), "\n") {
		c := strings.Split(line, "\t")
		if i == 0 {
			continue
		}
		for len(c) < 12 {
			c = append(c, "")
		}
		in := Instrument{Number: c[0], Kind: c[1], Issuer: c[2], Date: isoDate(c[3]), From: isoDate(c[4]), Until: isoDate(c[5]), ReplacedBy: c[6], AmendedBy: c[7],
			Certainty: Certainty(c[8]), Sources: strings.Fields(c[9]), Subject: c[10], Note: c[11]}
		in.Verified = in.Certainty != Unverified
		out = append(out, in)
	}
	return out
}

func isoDate(s string) Date {
	if len(s) != len("2006-01-02") {
		return Date{}
	}
	n := func(s string) int {
		v := 0
		for i := range len(s) {
			v = v*10 + int(s[i]-'0')
		}
		return v
	}
	return Date{n(s[:4]), n(s[5:7]), n(s[8:])}
}

// AntiTrafficking is the register of Instruments. What is not certain is marked so and raises no doubt.
func AntiTrafficking() Register { return NewRegister(Instruments()...) }
