package docrender

import (
	"strings"

	"chungtay/internal/civil"
)

// Office is what all documents of one unit share.
type Office struct {
	Superior []string
	Issuer   []string
	Name     string // as spoken in a sentence: Sở Y tế tỉnh Thanh Hóa
	Abbr     string // in symbols: SYT
	Place    string
	Contact  []string
}

// New begins a document: the parts that the office gives, the symbol from the kind and, for a công văn, the drafting unit.
func (o Office) New(k Kind, unit, subject string, on civil.Date) Document {
	d := Document{Kind: k, Superior: o.Superior, Issuer: o.Issuer, IssuerName: o.Name, Symbol: SymbolFor(k, o.Abbr, unit), Place: o.Place, Date: on, Subject: subject, Contact: o.Contact}
	if unit != "" {
		d.Archive.Units = []string{unit}
	}
	return d
}

// Duties are the tasks of one body in a plan or letter.
type Duties struct {
	Unit  string
	Tasks []string
}

// LetterText is the outline of a công văn: the grounds ("Thực hiện …"), what is asked for, the time, the report.
type LetterText struct {
	Addressees []string
	Opening    string
	Points     []string
	Period     string // "Thời gian thực hiện: từ ngày … đến ngày …"
	Report     string // "báo cáo … trước ngày …"
	Closing    string
}

// Letter fills d as a công văn.
func (d Document) Letter(t LetterText) Document {
	d.Addressees = t.Addressees
	d.Body = appendParas(nil, t.Opening)
	d.Body = append(d.Body, Items(LevelArabic, nonEmpty(append(append([]string{}, t.Points...), t.Period)...)...)...)
	d.Body = appendParas(d.Body, t.Report, t.Closing)
	return d
}

// PlanText is the outline of a kế hoạch.
type PlanText struct {
	Opening    string
	Aims       []Block // I. MỤC ĐÍCH, YÊU CẦU
	Activities []Block // II. NỘI DUNG HOẠT ĐỘNG
	Duties     []Duties
	Reporting  []Block // IV. CHẾ ĐỘ THÔNG TIN, BÁO CÁO
	Closing    string  // empty: the usual sentence
}

// Plan fills d as a kế hoạch.
func (d Document) Plan(t PlanText) Document {
	d.Body = appendParas(nil, t.Opening)
	d.Body = append(append(d.Body, Heading(LevelRoman, "MỤC ĐÍCH, YÊU CẦU")), t.Aims...)
	d.Body = append(append(d.Body, Heading(LevelRoman, "NỘI DUNG HOẠT ĐỘNG")), t.Activities...)
	d.Body = append(d.Body, Heading(LevelRoman, "TỔ CHỨC THỰC HIỆN"))
	for _, u := range t.Duties {
		d.Body = append(append(d.Body, Heading(LevelArabic, u.Unit)), Items(LevelDash, u.Tasks...)...)
	}
	d.Body = append(append(d.Body, Heading(LevelRoman, "CHẾ ĐỘ THÔNG TIN, BÁO CÁO")), t.Reporting...)
	closing := t.Closing
	if closing == "" {
		closing = "Trên đây là Kế hoạch " + lowerFirst(d.Subject) + "; đề nghị các cơ quan, đơn vị triển khai thực hiện"
	}
	d.Body = appendParas(d.Body, closing)
	return d
}

// ReportText is the outline of a báo cáo on the work against trafficking.
type ReportText struct {
	Addressees []string
	Opening    string
	Direction  []Block // I. CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI
	Results    []Topic // II. KẾT QUẢ
	Assessment []Block // III. ĐÁNH GIÁ
	Outlook    []Block // IV. PHƯƠNG HƯỚNG, KIẾN NGHỊ
	Closing    string
}

// Topic is a titled part of a report's results.
type Topic struct {
	Title string
	Body  []Block
}

// Report fills d as a báo cáo.
func (d Document) Report(t ReportText) Document {
	d.Addressees = t.Addressees
	d.Body = appendParas(nil, t.Opening)
	d.Body = append(append(d.Body, Heading(LevelRoman, "CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI")), t.Direction...)
	d.Body = append(d.Body, Heading(LevelRoman, "KẾT QUẢ"))
	for _, r := range t.Results {
		d.Body = append(append(d.Body, Heading(LevelArabic, r.Title)), r.Body...)
	}
	d.Body = append(append(d.Body, Heading(LevelRoman, "ĐÁNH GIÁ")), t.Assessment...)
	d.Body = append(append(d.Body, Heading(LevelRoman, "PHƯƠNG HƯỚNG, KIẾN NGHỊ")), t.Outlook...)
	closing := t.Closing
	if closing == "" {
		closing = "Trên đây là Báo cáo " + lowerFirst(d.Subject)
	}
	d.Body = appendParas(d.Body, closing)
	return d
}

// DecisionText is the outline of a quyết định: who decides, the grounds, the articles.
type DecisionText struct {
	DecidedBy string // GIÁM ĐỐC SỞ Y TẾ
	Bases     []string
	Proposer  string // "Theo đề nghị của …", the last of the grounds
	Articles  []ArticleText
}

// ArticleText is one điều: a titled one with clauses below, or a sentence.
type ArticleText struct {
	Title string
	Text  string
	Body  []Block
}

// Decision fills d as a quyết định.
func (d Document) Decision(t DecisionText) Document {
	d.DecidedBy, d.Bases = t.DecidedBy, nonEmpty(append(append([]string{}, t.Bases...), t.Proposer)...)
	d.Body = nil
	for _, a := range t.Articles {
		if a.Title != "" {
			d.Body = append(d.Body, Heading(LevelArticle, a.Title))
			d.Body = appendParas(d.Body, a.Text)
		} else {
			d.Body = append(d.Body, Item(LevelArticle, a.Text))
		}
		d.Body = append(d.Body, a.Body...)
	}
	return d
}

// ProposalText is the outline of a tờ trình.
type ProposalText struct {
	Addressees []string
	Opening    string
	Need       []Block // I. SỰ CẦN THIẾT
	Process    []Block // II. QUÁ TRÌNH XÂY DỰNG
	Content    []Block // III. NỘI DUNG TRÌNH
	Request    []Block // IV. KIẾN NGHỊ
	Closing    string
}

// Proposal fills d as a tờ trình. A part without content is left out.
func (d Document) Proposal(t ProposalText) Document {
	d.Addressees = t.Addressees
	d.Body = appendParas(nil, t.Opening)
	for _, p := range []Topic{{"SỰ CẦN THIẾT", t.Need}, {"QUÁ TRÌNH XÂY DỰNG", t.Process}, {"NỘI DUNG TRÌNH", t.Content}, {"KIẾN NGHỊ", t.Request}} {
		if len(p.Body) > 0 {
			d.Body = append(append(d.Body, Heading(LevelRoman, p.Title)), p.Body...)
		}
	}
	d.Body = appendParas(d.Body, t.Closing)
	return d
}

// NoticeText is the outline of a thông báo.
type NoticeText struct {
	Bases   []string
	Opening string
	Points  []Block
	Closing string
}

// Notice fills d as a thông báo.
func (d Document) Notice(t NoticeText) Document {
	d.Bases = t.Bases
	d.Body = append(appendParas(nil, t.Opening), t.Points...)
	d.Body = appendParas(d.Body, t.Closing)
	return d
}

// InvitationText is the outline of a giấy mời.
type InvitationText struct {
	Host    string   // Sở Y tế tỉnh Thanh Hóa
	Guests  []string // whom
	Event   string   // "Tới dự …"
	Content string
	Chair   string
	Time    string
	Venue   string
	Note    string
}

// Invitation fills d as a giấy mời.
func (d Document) Invitation(t InvitationText) Document {
	d.Body = nil
	if len(t.Guests) == 1 {
		d.Body = append(d.Body, Para(t.Host+" trân trọng kính mời: "+closed(t.Guests[0], ".")))
	} else {
		d.Body = append(append(d.Body, Para(t.Host+" trân trọng kính mời:")), listed(t.Guests)...)
	}
	for _, x := range []struct{ label, text string }{{"Tới dự: ", t.Event}, {"Nội dung: ", t.Content}, {"Chủ trì: ", t.Chair}, {"Thời gian: ", t.Time}, {"Địa điểm: ", t.Venue}} {
		if x.text != "" {
			d.Body = append(d.Body, Rich(Run{Text: x.label, Bold: true}, Run{Text: closed(x.text, ".")}))
		}
	}
	d.Body = appendParas(d.Body, t.Note)
	return d
}

// TelegramText is the outline of a công điện: who wires whom, what is to be done.
type TelegramText struct {
	Sender string // CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH … điện:
	To     []string
	Body   []Block
}

// Telegram fills d as a công điện. It is urgent by nature; without a degree of haste it gets HỎA TỐC.
func (d Document) Telegram(t TelegramText) Document {
	if d.Urgency == "" {
		d.Urgency = MostUrgent
	}
	d.Body = append([]Block{{Type: ParagraphBlock, Align: Center, Runs: []Run{{Text: strings.TrimSuffix(t.Sender, ":") + " điện:", Bold: true}}}}, listed(t.To)...)
	d.Body = append(d.Body, t.Body...)
	return d
}

// listed makes dashed lines that close with semicolons, the last with a full stop.
func listed(names []string) []Block {
	out := make([]Block, len(names))
	for i, n := range names {
		mark := ";"
		if i == len(names)-1 {
			mark = "."
		}
		out[i] = Item(LevelDash, closed(n, mark))
	}
	return out
}

func appendParas(to []Block, texts ...string) []Block {
	for _, t := range texts {
		if t != "" {
			to = append(to, Para(t))
		}
	}
	return to
}

func nonEmpty(in ...string) []string {
	var out []string
	for _, s := range in {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
