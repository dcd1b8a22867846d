package document

import (
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"log/slog"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"chungtay/docparse"
	"chungtay/docrender"
	"chungtay/doctext"
	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/viet"
	"chungtay/orgunit"
	"chungtay/policy"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations of this room.
func Migrations() db.Migrations { return db.Migrations{Room: "document", FS: migrations} }

// Permissions of this room.
const (
	Read     policy.Permission = "document.read"     // see papers: one's unit's own, those of units below, those delivered to it
	Register policy.Permission = "document.register" // enter papers that came in, keep the registers, pass papers on
	Issue    policy.Permission = "document.issue"    // draw numbers and issue papers of the unit; take them back
)

// Direction says in whose register a paper stands.
type Direction string

// The directions: văn bản đến, văn bản đi, văn bản nội bộ.
const (
	In       Direction = "in"
	Out      Direction = "out"
	Internal Direction = "internal"
)

// State is where a paper stands.
type State string

// The states.
const (
	Arrived    State = "arrived"    // there, not yet entered
	Registered State = "registered" // entered in the incoming register of its unit
	Issued     State = "issued"     // has its number, its text does not change
	Withdrawn  State = "withdrawn"  // taken back; number and text stay
)

// Extraction is how far the text of a paper or file has been read.
type Extraction string

// The stages of reading.
const (
	NoText  Extraction = "none"    // nothing to read
	Waiting Extraction = "waiting" // a job reads it
	Done    Extraction = "done"
	Failed  Extraction = "failed" // the note says why and what to do
)

// Kinds lists the kinds of paper (tên loại) as forms offer them: the 29 of Nghị định 30/2020/NĐ-CP, điều 7 that papers in these registers
// use, then those of legal documents.
var Kinds = []string{"cong_van", "ke_hoach", "quyet_dinh", "chi_thi", "bao_cao", "to_trinh", "thong_bao", "huong_dan", "chuong_trinh", "nghi_quyet",
	"ket_luan", "cong_dien", "giay_moi", "quy_che", "quy_dinh", "thong_cao", "phuong_an", "de_an", "du_an", "bien_ban", "hop_dong", "giay_uy_quyen",
	"giay_gioi_thieu", "giay_nghi_phep", "phieu_gui", "phieu_chuyen", "phieu_bao", "ban_ghi_nho", "ban_thoa_thuan", "thu_cong", "luat", "phap_lenh",
	"nghi_dinh", "thong_tu", "tin_bai", "other"}

// Urgencies lists the degrees of haste (mức độ khẩn), Nghị định 30/2020/NĐ-CP, Phụ lục I.
var Urgencies = []string{"", "khan", "thuong_khan", "hoa_toc"}

// Topics lists what papers are about, for filters.
var Topics = []string{"trafficking", "campaign", "victims", "children", "communication", "labour", "border", "inspection", "budget", "organisation", "other"}

// Facts are what is written on a paper, as entered in a register (the columns of Nghị định 30/2020/NĐ-CP, Phụ lục IV and VI). A paper may turn out
// to be secret after it was entered: the log, from which nothing can be taken away, tells its number and what was changed, not the words.
type Facts struct {
	Kind        string     `db:"kind"`
	Symbol      string     `db:"symbol"` // số và ký hiệu: 173/KH-BCĐ; "/SYT-TTr" when the number is blank
	Issuer      string     `db:"issuer"`
	IssuerUnit  string     `db:"issuer_unit_id"`
	IssuedOn    civil.Date `db:"issued_on"`
	Subject     string     `db:"subject" audit:"mask"`
	Urgency     string     `db:"urgency"`
	Topic       string     `db:"topic"`
	Signer      string     `db:"signer" audit:"mask"`
	SignerTitle string     `db:"signer_title" audit:"mask"`
	Recipients  string     `db:"recipients" audit:"mask"`
	Copies      int        `db:"copies"`
	Keeper      string     `db:"keeper"`
	SentOn      civil.Date `db:"sent_on"`
	Receipt     string     `db:"receipt" audit:"mask"`
	Note        string     `db:"note" audit:"mask"`
}

// Document is a paper in the registry.
type Document struct {
	ID        string    `db:"id" audit:"-"`
	Unit      string    `db:"unit_id"`
	Direction Direction `db:"direction"`
	State     State     `db:"state"`
	Facts
	Key            string     `db:"symbol_key" audit:"-"`
	Number         int        `db:"number"` // 0: blank
	Register       string     `db:"register"`
	Year           int        `db:"series_year"`
	Run            int        `db:"run" audit:"-"`
	IssuerKey      string     `db:"issuer_key" audit:"-"`
	Extraction     Extraction `db:"extraction" audit:"-"`
	ExtractionNote string     `db:"extraction_note" audit:"-"`
	SearchKey      int64      `db:"search_key" audit:"-"`
	WithdrawnAt    time.Time  `db:"withdrawn_at" audit:"-"`
	WithdrawnBy    string     `db:"withdrawn_by" audit:"-"`
	WithdrawnWhy   string     `db:"withdrawn_why"`
	CreatedAt      time.Time  `db:"created_at" audit:"-"`
	CreatedBy      string     `db:"created_by" audit:"-"`
	ChangedAt      time.Time  `db:"changed_at" audit:"-"`
	ChangedBy      string     `db:"changed_by" audit:"-"`
	Version        int64      `db:"version" audit:"-"`
}

// Title is how a paper is named in a list: "Kế hoạch 173/KH-BCĐ" is made of the kind's word and the symbol; the subject stands beside it.
func (d Document) Title() string {
	if d.Symbol != "" {
		return d.Symbol
	}
	return d.Subject
}

// File is a file of a paper. Its content is in the store of files under Blob.
type File struct {
	ID         string                  `db:"id"`
	Document   string                  `db:"document_id"`
	Seq        int                     `db:"seq"`
	Name       string                  `db:"name"`
	Type       string                  `db:"type"`
	Size       int64                   `db:"size"`
	Blob       string                  `db:"blob"`
	Extraction Extraction              `db:"extraction"`
	Note       db.JSON[[]errs.Message] `db:"note"` // what the extraction has to say
	AddedAt    time.Time               `db:"added_at"`
	AddedBy    string                  `db:"added_by"`
}

// Delivery is a paper in the hands of a unit: a line of its incoming register.
type Delivery struct {
	ID           string     `db:"id"`
	Document     string     `db:"document_id"`
	Unit         string     `db:"unit_id"`
	Purpose      string     `db:"purpose"`
	DeliveredAt  time.Time  `db:"delivered_at"`
	OpenedAt     time.Time  `db:"opened_at"`
	OpenedBy     string     `db:"opened_by"`
	Register     string     `db:"register"`
	Year         int        `db:"year"`
	Run          int        `db:"run"`
	Number       int        `db:"number"` // số đến; 0: not entered yet
	ArrivedOn    civil.Date `db:"arrived_on"`
	RegisteredAt time.Time  `db:"registered_at"`
	RegisteredBy string     `db:"registered_by"`
	HandlerKind  string     `db:"handler_kind"` // "", unit, person
	Handler      string     `db:"handler_id"`
	PassedOn     civil.Date `db:"passed_on"`
	ReceivedAt   time.Time  `db:"received_at"`
	ReceivedBy   string     `db:"received_by"`
	DueOn        civil.Date `db:"due_on"`
	Progress     string     `db:"progress"`
	Answer       string     `db:"answer"`
	Note         string     `db:"note"`
	ReturnedAt   time.Time  `db:"returned_at"`
	ReturnedBy   string     `db:"returned_by"`
	ReturnedWhy  string     `db:"returned_why"`
	Version      int64      `db:"version"`
}

// The purposes of a delivery: to act on, or only to know of.
const (
	ToAct  = "act"
	ToKnow = "know"
)

// Citation is what a paper cites, as written.
type Citation struct {
	Document  string `db:"document_id"`
	Seq       int    `db:"seq"`
	Symbol    string `db:"symbol"`
	Key       string `db:"symbol_key"`
	Kind      string `db:"kind"`
	Issuer    string `db:"issuer"`
	IssuedOn  string `db:"issued_on"` // 2021-05-14, 2021-05, 2021 or ""
	Basis     bool   `db:"basis"`
	SpanStart int    `db:"span_start"`
	SpanEnd   int    `db:"span_end"`
}

// Documents is the room: its rules with what they need from outside.
type Documents struct {
	Book   policy.Book
	Legal  docparse.Register // the legal register, for doubts about citations
	Blobs  *blob.Store
	People People
	Texts  doctext.Options // how text is got out of files
	// Office is what the papers of a unit share; nil knows the unit's name alone.
	Office func(tx *db.Tx, unit string) (docrender.Office, error)
	Drop   string // folder that is watched for files; "" none
	// Sentences are for what is written outside of pages: the reasons in the drop folder.
	Sentences *i18n.Catalogue
	Logger    *slog.Logger
	// Entered is told that a unit has entered a paper under a number of its own; nil: nobody is. It runs in the transaction of the deed.
	Entered func(tx *db.Tx, by policy.Actor, document, unit string) error
	// Onward gives the page where the actor makes a directive from a paper that was read, "" when the actor makes none.
	Onward func(a policy.Actor, document string) string
}

// columns says where the lists find what scopes ask for.
var columns = policy.Columns{
	Unit:      "d.unit_id",
	Addressed: "d.id IN (SELECT x.document_id FROM document_delivery x WHERE x.unit_id IN (%s))",
	Assigned:  "d.id IN (SELECT x.document_id FROM document_delivery x WHERE x.handler_id IN (%s))",
}

// see returns a paper on which the actor holds a permission; another is absent.
func (c *Documents) see(tx *db.Tx, by policy.Actor, p policy.Permission, id string) (Document, error) {
	scope := c.Book.Scope(by, p)
	if scope.Empty() {
		return Document{}, errs.New(errs.Forbidden, "document.may_not")
	}
	// The list's own condition decides, so that a list and a page cannot differ, and a paper of 11,000 addressees costs one look-up.
	var w db.Where
	w.And(`d.id = ?`, id)
	cond, args := scope.SQL(columns)
	w.And(cond, args...)
	d, ok, err := findWhere(tx, &w)
	if err == nil && !ok {
		err = errs.Absent("document", id)
	}
	return d, err
}

// Get returns a paper the actor may read.
func (c *Documents) Get(tx *db.Tx, by policy.Actor, id string) (Document, error) {
	return c.see(tx, by, Read, id)
}

// mayFor checks a permission on papers that belong to a unit. Where the actor holds it nowhere it is forbidden, elsewhere the unit is absent.
func (c *Documents) mayFor(tx *db.Tx, by policy.Actor, p policy.Permission, unit string) error {
	scope := c.Book.Scope(by, p)
	if scope.Empty() {
		return errs.New(errs.Forbidden, "document.may_not")
	}
	above, err := orgunit.Above(tx, unit)
	if err != nil {
		return err
	}
	if !scope.Allows(policy.Record{Unit: unit, Above: above}) {
		return errs.Absent("unit", unit)
	}
	return nil
}

// Key is the form in which numbers of papers are compared: no marks, case, spaces or leading zeros. "05/BNV-VP" and "5 /bnv-vp" are one;
// a number typed without marks finds the paper.
func Key(symbol string) string {
	s := strings.ReplaceAll(viet.Fold(symbol), " ", "")
	for strings.Contains(s, "//") {
		s = strings.ReplaceAll(s, "//", "/")
	}
	if t := strings.TrimLeft(s, "0"); t != "" && t[0] >= '1' && t[0] <= '9' {
		s = t
	}
	return s
}

// short are abbreviations with which bodies are written, folded, and what they stand for.
var short = map[string]string{"ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "bcd": "ban chi dao", "ldtbxh": "lao dong thuong binh va xa hoi", "lhpn": "lien hiep phu nu",
	"bdbp": "bo doi bien phong", "pctnxh": "phong chong te nan xa hoi", "tp": "thanh pho"}

// plain is a name of a body as compared: folded, letters and digits only, abbreviations written out.
func plain(s string) string {
	words := strings.FieldsFunc(viet.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, w := range words {
		if long, ok := short[w]; ok {
			words[i] = long
		}
	}
	return strings.Join(words, " ")
}

// searchKey stands for an id in the full-text index, whose rows have numbers: 63 bits of its digest.
func searchKey(id string) int64 {
	sum := sha256.Sum256([]byte(id))
	return int64(binary.BigEndian.Uint64(sum[:8]) >> 1)
}

// The lengths of Nghị định 30/2020/NĐ-CP, Phụ lục VI; recipients and notes are ours.
const (
	maxSymbol, maxIssuer, maxSubject, maxSigner, maxTitle, maxRecipients, maxNote, maxKeeper = 60, 200, 500, 50, 100, 1000, 1000, 200
)

// tidy brings the facts to the form in which they are stored and refuses what no paper has.
func (f *Facts) tidy(tx *db.Tx) error {
	line := func(s string) string { return strings.Join(strings.Fields(viet.NFC(s)), " ") }
	for _, s := range []*string{&f.Kind, &f.Symbol, &f.Issuer, &f.Subject, &f.Signer, &f.SignerTitle, &f.Keeper, &f.Receipt} {
		*s = line(*s)
	}
	f.Recipients, f.Note = strings.TrimSpace(viet.NFC(f.Recipients)), strings.TrimSpace(viet.NFC(f.Note))
	for _, x := range []struct {
		field, text string
		max         int
	}{{"symbol", f.Symbol, maxSymbol}, {"issuer", f.Issuer, maxIssuer}, {"subject", f.Subject, maxSubject}, {"signer", f.Signer, maxSigner},
		{"signer_title", f.SignerTitle, maxTitle}, {"recipients", f.Recipients, maxRecipients}, {"keeper", f.Keeper, maxKeeper},
		{"receipt", f.Receipt, maxKeeper}, {"note", f.Note, maxNote}} {
		if n := utf8.RuneCountInString(x.text); n > x.max {
			return errs.AtField(x.field, "document.too_long", x.max, n-x.max)
		}
	}
	switch {
	case f.Kind != "" && !known(Kinds, f.Kind):
		return errs.AtField("kind", "document.choose_kind")
	case !known(Urgencies, f.Urgency):
		return errs.AtField("urgency", "document.choose_urgency")
	case f.Topic != "" && !known(Topics, f.Topic):
		return errs.AtField("topic", "document.choose_topic")
	case f.Copies < 0 || f.Copies > 100_000:
		return errs.AtField("copies", "document.copies_range")
	case f.IssuedOn.After(civil.Of(tx.Now).AddDays(1)):
		return errs.AtField("issued_on", "document.issued_in_future")
	}
	return nil
}

func known(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// place fills what is derived from the facts.
func (d *Document) place() {
	d.Key, d.IssuerKey = Key(d.Symbol), plain(d.Issuer)
	if d.Direction == In {
		d.Number = digits(d.Symbol)
	}
}

// digits is the number at the head of a symbol, 0 when it is blank.
func digits(symbol string) int {
	n := strings.IndexFunc(symbol, func(r rune) bool { return r < '0' || r > '9' })
	if n < 0 {
		n = len(symbol)
	}
	v, err := strconv.Atoi(symbol[:min(n, 9)])
	if err != nil {
		return 0
	}
	return v
}

func (c *Documents) log() *slog.Logger {
	if c.Logger == nil {
		return slog.Default()
	}
	return c.Logger
}
