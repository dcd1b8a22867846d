package docrender

import (
	"strings"

	"chungtay/internal/civil"
)

// Citation is a document that a text relies on.
type Citation struct {
	Type    string     `json:"type"`             // as spoken: Kế hoạch, Quyết định, Luật
	Number  string     `json:"number,omitempty"` // number and symbol: 173/KH-BCĐ
	Date    civil.Date `json:"date"`
	Issuer  string     `json:"issuer,omitempty"`
	Subject string     `json:"subject,omitempty"` // without "về việc"; of a law its name: Phòng, chống mua bán người
}

// statute tells whether the citation is of a kind that is cited by its name alone.
func (c Citation) statute() bool {
	t := strings.ToLower(c.Type)
	return t == "luật" || t == "pháp lệnh" || t == "bộ luật" || t == "hiến pháp"
}

// Full writes the citation as at its first mention: kind, number and symbol, date, issuer and subject; a Luật or Pháp lệnh by its kind
// and name alone (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.6).
func (c Citation) Full() string {
	if c.statute() {
		return strings.TrimSpace(c.Type + " " + c.Subject)
	}
	var b strings.Builder
	b.WriteString(c.Short())
	if !c.Date.IsZero() {
		b.WriteString(" " + LongDate(c.Date))
	}
	if c.Issuer != "" {
		b.WriteString(" của " + c.Issuer)
	}
	if c.Subject != "" {
		b.WriteString(" " + about(c.Subject))
	}
	return b.String()
}

// about joins a subject to a sentence: "về việc phê duyệt …", "về phòng, chống …", "quy định chi tiết …" stand as they are.
func about(subject string) string {
	low := strings.ToLower(subject)
	for _, w := range []string{"về ", "quy định ", "hướng dẫn ", "ban hành ", "sửa đổi", "triển khai", "phê duyệt"} {
		if strings.HasPrefix(low, w) {
			if w == "phê duyệt" || w == "triển khai" || w == "ban hành " {
				break
			}
			return lowerFirst(subject)
		}
	}
	return "về việc " + lowerFirst(subject)
}

// Short writes the citation as at later mentions: kind and number alone.
func (c Citation) Short() string {
	if c.statute() || c.Number == "" {
		return strings.TrimSpace(c.Type + " " + c.Subject)
	}
	return c.Type + " số " + c.Number
}

// Citer writes the citations of one document in reading order: in full at the first mention, short from then on. The zero Citer is
// ready; it is not for use by several goroutines.
type Citer struct{ seen map[string]bool }

// Cite writes a citation.
func (c *Citer) Cite(x Citation) string {
	if c.seen == nil {
		c.seen = map[string]bool{}
	}
	key := x.Short()
	if c.seen[key] {
		return key
	}
	c.seen[key] = true
	return x.Full()
}

// Basis writes a citation as a line of the grounds (căn cứ).
func (c *Citer) Basis(x Citation) string { return "Căn cứ " + c.Cite(x) }
