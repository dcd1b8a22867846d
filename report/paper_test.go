package report_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chungtay/app"
	"chungtay/docparse"
	"chungtay/docrender"
	"chungtay/docrender/lint"
	"chungtay/doctext"
	"chungtay/formdef"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/dbtest"
	"chungtay/internal/i18n"
	"chungtay/internal/ooxmltest"
	"chungtay/internal/world"
	"chungtay/report"
)

// spoken runs f in a transaction whose pages have words.
func (b *bench) spoken(f func(tx *db.Tx) error) {
	b.t.Helper()
	words, err := app.Words()
	if err != nil {
		b.t.Fatal(err)
	}
	if err := b.DB.Write(i18n.With(context.Background(), words, i18n.EN), f); err != nil {
		b.t.Fatalf("%+v", err)
	}
}

// files writes a paper as DOCX and PDF, checks both against the decree's form and reads both back.
func files(t testing.TB, name string, d docrender.Document) (docx, pdf []byte, read *docparse.Document) {
	t.Helper()
	var out [2][]byte
	for i, write := range []func(io.Writer, docrender.Document) error{docrender.DOCX, docrender.PDF} {
		var b bytes.Buffer
		if err := write(&b, d); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[i] = b.Bytes()
		ext := []string{".docx", ".pdf"}[i]
		if dir := os.Getenv("CHUNGTAY_PAPERS"); dir != "" { // to be looked at
			if err := os.WriteFile(filepath.Join(dir, name+ext), out[i], 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if ext == ".docx" {
			ooxmltest.Valid(t, name, out[i])
		}
		found, err := lint.Lint(context.Background(), bytes.NewReader(out[i]), int64(len(out[i])), doctext.Options{NoOCR: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if d.Draft && f.Rule == "missing" && f.Part == "ho-ten" {
				continue // a draft carries no name
			}
			t.Errorf("%s%s: %s %s at %+v %v", name, ext, f.Rule, f.Part, f.Place, f.Message)
		}
		x, err := doctext.Extract(context.Background(), bytes.NewReader(out[i]), int64(len(out[i])), name+ext, doctext.Options{NoOCR: true})
		if err != nil {
			t.Fatal(err)
		}
		got := docparse.Read(x.Plain, docparse.Options{})
		same := func(what, got, want string) {
			t.Helper()
			squeeze := func(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }
			if squeeze(got) != squeeze(want) {
				t.Errorf("%s%s: %s %q, want %q", name, ext, what, got, want)
			}
		}
		if got.Kind != docparse.Kind(d.Kind) {
			t.Errorf("%s%s: kind %s, want %s", name, ext, got.Kind, d.Kind)
		}
		same("subject", got.Subject.Value, d.Subject)
		same("issuer", got.Issuer.Value, strings.Join(d.Issuer, " "))
		same("date", got.IssuedOn.String(), d.Date.String())
		if d.Number > 0 {
			same("number", got.Number.Text, strings.TrimPrefix(docrender.NumberLine(d.Number, d.Symbol), "Số: "))
		}
		var to []string
		for _, a := range got.Addressees {
			to = append(to, a.Value)
		}
		same("addressees", strings.Join(to, " | "), strings.Join(d.Addressees, " | "))
		same("signer", got.Signer.Value, d.Signer)
		// every figure printed is in the text that comes back
		plain := strings.Join(strings.Fields(x.Plain), " ")
		for _, blocks := range append([][]docrender.Block{d.Body}, annexBodies(d)...) {
			for _, bl := range blocks {
				if bl.Table == nil {
					continue
				}
				for _, r := range bl.Table.Rows {
					for _, c := range r {
						if w := strings.Fields(c.Text); len(w) > 0 && !strings.Contains(plain, w[0]) {
							t.Errorf("%s%s: %q is lost", name, ext, c.Text)
						}
					}
				}
			}
		}
		read = got
	}
	return out[0], out[1], read
}

func annexBodies(d docrender.Document) (out [][]docrender.Block) {
	for _, a := range d.Annexes {
		out = append(out, a.Body)
	}
	return out
}

// day are figures of the report of the Day.
func day(n int64) formdef.Values {
	return formdef.Values{
		"van_ban": formdef.IntValue(n), "chi_dao_mo_ta": formdef.TextValue("Ban hành kế hoạch và phân công từng ngành.\n- Họp triển khai ngày 10/7;\n- Giao Công an xã chủ trì."),
		"truc_tiep/mit_tinh/so": formdef.IntValue(1), "truc_tiep/mit_tinh/nguoi": formdef.IntValue(200 * n), "truc_tiep/mit_tinh/nu": formdef.IntValue(90 * n), "truc_tiep/mit_tinh/dtts": formdef.IntValue(40),
		"truc_tiep/noi_chuyen/so": formdef.IntValue(4 + n), "truc_tiep/noi_chuyen/nguoi": formdef.IntValue(310 * n), "truc_tiep/noi_chuyen/nu": formdef.IntValue(160), "truc_tiep/noi_chuyen/dtts": formdef.NoneValue(),
		"nhom_nguy_co/lao_dong_tu_do/nguoi": formdef.IntValue(120), "nhom_nguy_co/phu_nu_dtts/nguoi": formdef.IntValue(80 * n), "nhom_nguy_co/di_lam_xa/nguoi": formdef.IntValue(45),
		"an_pham/bang_ron/so": formdef.IntValue(12), "an_pham/to_roi/so": formdef.IntValue(1500 * n), "truyen_thong_dai_chung/lan_phat/so": formdef.IntValue(36),
		"tiep_nhan": formdef.IntValue(n), "nn_xac_dinh": formdef.IntValue(1), "nn_nghi": formdef.IntValue(n - 1), "nn_khong": formdef.IntValue(0), "duoc_ho_tro": formdef.IntValue(1), "tin_bao": formdef.NoneValue(),
		"chi/dia_phuong/so": formdef.IntValue(15), "kho_khan": formdef.TextValue("Địa bàn rộng, nhiều người đi làm ăn xa không thường xuyên có mặt."), "kien_nghi": formdef.TextValue("Hỗ trợ tờ rơi tiếng dân tộc."),
	}
}

// department lets the ministry's centre ask Sở Y tế, and Sở Y tế its communes, of which two answer.
func (b *bench) department() (own, up report.Asked) {
	b.t.Helper()
	th := b.ThanhHoa
	b.must(func(tx *db.Tx) (err error) {
		up, err = b.r.Ask(tx, b.Bureau.Officer, report.New{Unit: b.Bureau.ID, Title: "Kết quả 30/7", Form: "ket_qua_30_7", Due: until("2026-08-20"), From: civil.MustParse("2026-07-01"), To: civil.MustParse("2026-07-30"), Signed: true, Units: []string{th.Health.ID}})
		if err != nil {
			return err
		}
		own, err = b.r.Ask(tx, th.Health.Officer, report.New{Unit: th.Health.ID, Parent: up.ID, Title: "Kết quả 30/7", Form: "ket_qua_30_7", Due: until("2026-08-03"), From: up.From, To: up.To,
			Units: []string{th.HacThanh.Committee.ID, th.ThoXuan.Committee.ID, th.MuongLat.Committee.ID}})
		return err
	})
	for i, o := range []world.Office{th.HacThanh.Committee, th.ThoXuan.Committee} {
		r := b.write(own, o, day(int64(i+2)))
		b.must(func(tx *db.Tx) error { return report.ForceApprove(tx, b.r, r.ID) })
	}
	return own, up
}

// The report of a department that rests on its communes': draft without, sent with signature, in the prescribed form, the same bytes
// whatever happens below afterwards.
func TestAReportIsAPaper(t *testing.T) {
	clock := dbtest.NewClock(start)
	d := dbtest.SQLite(t, app.Migrations(), db.Options{Clock: clock.Now})
	b := newBench(t, d, clock)
	th := b.ThanhHoa
	own, up := b.department()
	r := b.of(up, th.Health)
	why := map[string]string{}
	for at := range day(5) {
		why[at] = "tính cả hoạt động của sở"
	}
	b.must(func(tx *db.Tx) (err error) { r, err = b.r.Start(tx, th.Health.Officer, r.ID); return err })
	b.must(func(tx *db.Tx) (err error) {
		r, err = b.r.Save(tx, th.Health.Officer, r.ID, r.Version, day(5), why)
		return err
	})
	var draft, sent docrender.Document
	b.spoken(func(tx *db.Tx) (err error) { draft, err = b.r.PaperOf(tx, r.ID, true); return err })
	if draft.Signer != "" || !draft.Draft || draft.Number != 0 || !draft.Date.IsZero() {
		t.Errorf("draft is signed or dated: %+v", draft)
	}
	files(t, "report-draft", draft)
	v := day(5)
	v["thuan_loi"] = formdef.TextValue("Các xã chủ động, người dân hưởng ứng.")
	b.do(func(tx *db.Tx) error { // what was not counted did not occur
		_, err := b.r.Submit(tx, th.Health.Leader, r.ID, 0)
		var refused *report.Refused
		if errors.As(err, &refused) {
			for _, f := range refused.Found {
				if _, there := v[f.At]; !there {
					v[f.At] = formdef.NoneValue()
				}
			}
		}
		return err
	})
	b.must(func(tx *db.Tx) (err error) {
		r, err = b.r.Save(tx, th.Health.Officer, r.ID, r.Version, v, why)
		return err
	})
	b.must(func(tx *db.Tx) (err error) { _, err = b.r.Submit(tx, th.Health.Leader, r.ID, 0); return err })
	b.spoken(func(tx *db.Tx) (err error) { sent, err = b.r.PaperOf(tx, r.ID, false); return err })
	if sent.Signer == "" || sent.Draft {
		t.Errorf("sent without signature: %q", sent.Signer)
	}
	docx, pdf, read := files(t, "report-sent", sent)
	if len(read.Figures) == 0 {
		t.Error("no figures read back")
	}
	text := textOf(t, docx)
	for _, want := range []string{"2/3 cơ quan, đơn vị", "Lượt người dự", "Văn bản chỉ đạo đã ban hành: 5 văn bản", "Tổng lượt người được truyền thông trực tiếp: 2.550 lượt người", "chưa có báo cáo", "TT"} {
		if !strings.Contains(text, want) {
			t.Errorf("the paper does not say %q", want)
		}
	}

	// what is approved below afterwards does not change what was sent
	m := b.write(own, th.MuongLat.Committee, day(9))
	b.must(func(tx *db.Tx) error { return report.ForceApprove(tx, b.r, m.ID) })
	var again docrender.Document
	b.spoken(func(tx *db.Tx) (err error) { again, err = b.r.PaperOf(tx, r.ID, false); return err })
	var b1, b2 bytes.Buffer
	if err := docrender.DOCX(&b1, again); err != nil {
		t.Fatal(err)
	}
	if err := docrender.PDF(&b2, again); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(docx, b1.Bytes()) || !bytes.Equal(pdf, b2.Bytes()) {
		t.Error("the paper of the same submission has other bytes")
	}
}

func textOf(t testing.TB, b []byte) string {
	t.Helper()
	x, err := doctext.Extract(context.Background(), bytes.NewReader(b), int64(len(b)), "a.docx", doctext.Options{NoOCR: true})
	if err != nil {
		t.Fatal(err)
	}
	return x.Plain
}

// Who signs for whom: TM. for a committee, KT. for a deputy, TUQ. by delegation, the office alone for the head of a body; a signer without a title signs as who
// leads such a body.
func TestAuthority(t *testing.T) {
	for _, c := range []struct{ unit, title, want string }{
		{"Ủy ban nhân dân tỉnh Sơn La", "Chủ tịch", "TM. ỦY BAN NHÂN DÂN | CHỦ TỊCH"},
		{"Ủy ban nhân dân xã Bắc Yên", "Phó Chủ tịch Ủy ban nhân dân xã", "TM. ỦY BAN NHÂN DÂN | KT. CHỦ TỊCH | PHÓ CHỦ TỊCH"},
		{"Ủy ban nhân dân xã Bắc Yên", "", "TM. ỦY BAN NHÂN DÂN | CHỦ TỊCH"},
		{"Sở Y tế tỉnh Sơn La", "Giám đốc Sở Y tế", "GIÁM ĐỐC"},
		{"Sở Y tế tỉnh Sơn La", "Phó Giám đốc", "KT. GIÁM ĐỐC | PHÓ GIÁM ĐỐC"},
		{"Sở Y tế tỉnh Sơn La", "", "GIÁM ĐỐC"},
		{"Công an tỉnh Sơn La", "", "GIÁM ĐỐC"},
		{"Công an xã Bắc Yên", "", "TRƯỞNG CÔNG AN"},
		{"Bộ Chỉ huy Bộ đội Biên phòng tỉnh Sơn La", "", "CHỈ HUY TRƯỞNG"},
		{"Bộ Y tế", "", "BỘ TRƯỞNG"},
		{"Cục Bảo trợ xã hội", "Phó Cục trưởng", "KT. CỤC TRƯỞNG | PHÓ CỤC TRƯỞNG"},
		{"Tổng đài 111", "", "THỦ TRƯỞNG ĐƠN VỊ"},
	} {
		lines, last := report.Authority(c.unit, c.title, false)
		if got := strings.Join(append(lines, last), " | "); got != c.want {
			t.Errorf("%s, %q: %s, want %s", c.unit, c.title, got, c.want)
		}
	}
	for _, c := range []struct{ unit, title, want string }{ // by delegation of the head
		{"Sở Y tế tỉnh Sơn La", "Trưởng phòng Nghiệp vụ Y", "TUQ. GIÁM ĐỐC | TRƯỞNG PHÒNG"},
		{"Sở Y tế tỉnh Sơn La", "Phó Giám đốc", "KT. GIÁM ĐỐC | PHÓ GIÁM ĐỐC"},
		{"Ủy ban nhân dân tỉnh Sơn La", "Chánh Văn phòng", "TM. ỦY BAN NHÂN DÂN | TUQ. CHỦ TỊCH | CHÁNH VĂN PHÒNG"},
	} {
		lines, last := report.Authority(c.unit, c.title, true)
		if got := strings.Join(append(lines, last), " | "); got != c.want {
			t.Errorf("%s, %q by delegation: %s, want %s", c.unit, c.title, got, c.want)
		}
	}
}
