package e2e

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"chungtay/internal/jobs"
)

// request is a letter of a ministry to a province, of our own wording.
const request = `BỘ CÔNG AN
Số: 2115/BCA-C02
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Hà Nội, ngày 06 tháng 7 năm 2026
V/v tăng cường phòng, chống mua bán người dịp cao điểm tháng 7
Kính gửi: Ủy ban nhân dân các tỉnh, thành phố.
Để đợt cao điểm tháng 7 đạt kết quả, Bộ Công an đề nghị Ủy ban nhân dân các tỉnh, thành phố thực hiện những nội dung sau:
1. Phát thanh về thủ đoạn tuyển lao động qua mạng trên hệ thống loa truyền thanh của thôn, bản.
2. Rà soát người vắng mặt lâu ngày không rõ lý do, nhất là phụ nữ và trẻ em ở địa bàn biên giới.
Báo cáo kết quả về Bộ Công an trước ngày 20/12/2026 để tổng hợp./.
Nơi nhận:
- Như trên;
- Lưu: VT, C02.
KT. BỘ TRƯỞNG
THỨ TRƯỞNG
Đặng Hải Long`

// photo writes a photograph with the place where it was taken in it (EXIF, GPS latitude), as telephones do.
func photo(t *testing.T) string {
	var b bytes.Buffer
	img := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for i := range img.Pix {
		img.Pix[i] = uint8(i * 7)
	}
	img.Set(1, 1, color.Black)
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	var x bytes.Buffer
	w := func(v any) { binary.Write(&x, binary.LittleEndian, v) }
	x.WriteString("Exif\x00\x00II*\x00")
	w(uint32(8))
	w(uint16(1)) // IFD0: a pointer to the GPS directory
	w([]uint16{0x8825, 4})
	w([]uint32{1, 26, 0})
	w(uint16(2)) // GPS: reference and latitude
	w([]uint16{1, 2})
	w(uint32(2))
	x.WriteString("N\x00\x00\x00")
	w([]uint16{2, 5})
	w([]uint32{3, 56, 0})
	w([]uint32{21, 1, 19, 1, 40, 1})
	head := []byte{0xFF, 0xE1, byte((x.Len() + 2) >> 8), byte(x.Len() + 2)}
	file := append(append(append([]byte{0xFF, 0xD8}, head...), x.Bytes()...), b.Bytes()[2:]...)
	path := filepath.Join(t.TempDir(), "Loa bản Mới.jpg")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// The whole chain, each step by the person whose step it is: the clerk of the province drops in a ministry's letter, the officer confirms what
// was read and makes the province's own letter of it, the leader returns it with a reason and then signs, the clerk issues it; the Sở receives and
// carries it on (there has been no district since 01/7/2025), a commune hands in with a photograph, the Sở accepts and hands in for itself, and
// the province accepts.
func TestFromALetterToAcceptedWork(t *testing.T) {
	b := newBrowser(t)
	s := newSite(t)
	work := func() { // what the runner of a node does
		t.Helper()
		kinds, _ := s.Jobs()
		if err := jobs.RunAll(context.Background(), s.DB, kinds); err != nil {
			t.Fatal(err)
		}
	}
	at := func(login, path string) {
		b.t.Helper()
		s.signIn(b, login)
		b.open(s.follow(b, path), 1366)
	}
	says := func(want ...string) {
		b.t.Helper()
		text := eval[string](b, `document.querySelector("main").innerText`)
		for _, w := range want {
			if !strings.Contains(text, w) {
				b.t.Fatalf("%s does not say %q: %.900s", eval[string](b, "location.href"), w, text)
			}
		}
	}
	send := func(field, file string) {
		b.t.Helper()
		b.do(chromedp.SetUploadFiles("#f-"+field, []string{file}))
		b.do(chromedp.WaitReady(`input[name=` + field + `_sent][value*="/files/tus/"]`))
	}
	do := func(form string) { // sends a form of the page, told by the end of its address
		b.t.Helper()
		eval[any](b, `document.documentElement.dataset.old = 1; 0`)
		if !eval[bool](b, `(() => { const e = document.querySelector('main form[action$="`+form+`"] button:not([type=button]):not(.vh)'); if (e) e.click(); return !!e })()`) {
			b.t.Fatalf("%s has no form %s", eval[string](b, "location.href"), form)
		}
		b.do(chromedp.WaitReady(`html:not([data-old]) .foot-site`))
	}

	// The clerk takes the letter in and enters it; the paper goes to the officer.
	at("ubnd.vt", "/documents/new")
	send("file", word(t, "CV Bo Cong an.docx", request))
	press(b, "Nhận văn bản")
	work()
	b.do(chromedp.WaitReady(`.source mark`))
	says("tăng cường phòng, chống mua bán người dịp cao điểm tháng 7")
	b.open(eval[string](b, `document.querySelector('a[href$="/enter"]').href`), 1366)
	if v := eval[string](b, `document.querySelector("#f-symbol").value + "|" + document.querySelector("#f-issuer").value`); v != "2115/BCA-C02|Bộ Công an" {
		t.Errorf("proposed: %q", v)
	}
	b.shot("walk-1-enter-1366")
	do("/enter")
	paper := eval[string](b, "location.href")
	b.open(paper+"/pass", 1366)
	eval[any](b, `const o = [...document.querySelector("#f-handler").options].find(o => o.value.startsWith("person:") && !o.text.includes("Lãnh đạo")); document.querySelector("#f-handler").value = o.value; 0`)
	b.do(chromedp.Click(`form[action$="/pass"] button.btn`), chromedp.WaitReady(`.flash`))

	// The officer makes the province's letter of it: what was read stands beside it, two fields are put right.
	s.signIn(b, "ubnd.cv")
	b.open(paper, 1366)
	b.open(link(b, "Soạn văn bản triển khai"), 1366)
	press(b, "Tạo bản nháp")
	says("Đã tạo bản nháp")
	if n := eval[int](b, `document.querySelectorAll(".source mark").length`); n == 0 {
		t.Error("nothing is marked in the text beside the draft")
	}
	if v := eval[string](b, `document.querySelector("[name=intro]").value`); !strings.HasPrefix(v, "Thực hiện Công văn số 2115/BCA-C02 ngày 06/7/2026 của Bộ Công an về việc tăng cường") {
		t.Errorf("the letter above is not quoted as prescribed: %q", v)
	}
	if v := eval[string](b, `document.querySelector("[name=duty2_text]").value`); !strings.HasPrefix(v, "Rà soát người vắng mặt lâu ngày") {
		t.Errorf("the second duty was read as %q", v)
	}
	b.shot("walk-2-draft-1366")
	enter(b, map[string]string{"addressees": "Sở Y tế", "recipients": "Như trên\nBộ Công an (b/c)", "signer_title": "PHÓ CHỦ TỊCH", "authority": "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH"})
	press(b, "Lưu và xem lại")
	draft := eval[string](b, "location.href")
	do("/submit")
	says("Chờ ký")

	// The leader returns it with a reason, then signs the next version.
	at("ubnd.ld", "/ > tăng cường phòng, chống mua bán người dịp cao điểm")
	enter(b, map[string]string{"reason": "Thêm yêu cầu gửi danh sách rà soát."})
	do("/return")
	at("ubnd.cv", strings.TrimPrefix(draft, s.url))
	says("Thêm yêu cầu gửi danh sách rà soát.")
	b.open(draft+"/edit", 1366)
	enter(b, map[string]string{"duty2_product": "Danh sách người vắng mặt"})
	press(b, "Lưu và xem lại")
	do("/submit")
	at("ubnd.ld", strings.TrimPrefix(draft, s.url))
	do("/sign")
	says("Đã ký")

	// The clerk sees to whom it goes, and issues it.
	at("ubnd.vt", strings.TrimPrefix(draft, s.url)+"/issue")
	says("Gửi thực hiện: 1 đơn vị", "Sở Y tế tỉnh Sơn La")
	b.shot("walk-3-issue-1366")
	press(b, "Cấp số và ban hành")
	says("Đã ban hành", "UBND")
	work()

	// The Sở receives it and carries it on to the communes.
	at("syt.cv", strings.TrimPrefix(draft, s.url))
	press(b, "Xác nhận đã nhận")
	press(b, "Triển khai tiếp")
	if v := eval[string](b, `document.querySelector("[name=intro]").value`); !strings.Contains(v, "của Ủy ban nhân dân tỉnh Sơn La về việc tăng cường") {
		t.Errorf("the province's letter is not quoted: %q", v)
	}
	enter(b, map[string]string{"addressees": "Ủy ban nhân dân các xã, phường", "signer_title": "PHÓ GIÁM ĐỐC"})
	press(b, "Lưu và xem lại")
	own := eval[string](b, "location.href")
	do("/submit")
	at("syt.ld", strings.TrimPrefix(own, s.url))
	do("/sign")
	at("syt.vt", strings.TrimPrefix(own, s.url)+"/issue")
	press(b, "Cấp số và ban hành")
	says("Đã ban hành")
	work()

	// A commune, on a telephone: the work with a photograph of it.
	s.signIn(b, "bacyen.cv")
	b.open(own, 390)
	press(b, "Xác nhận đã nhận")
	task := s.follow(b, strings.TrimPrefix(own, s.url)+" > Việc được giao > Phát thanh về thủ đoạn")
	b.open(task, 390)
	send("files", photo(t))
	press(b, "Đính kèm")
	work() // makes the copy without the place
	b.open(task, 390)
	if kept := eval[bool](b, `(async () => { const read = async q => new TextDecoder("latin1").decode(await (await fetch(document.querySelector("ul.evidence a").href + q)).arrayBuffer());
		return !(await read("")).includes("Exif") && (await read("?original=1")).includes("Exif") })()`); !kept {
		t.Error("the copy shown carries the place of the photograph, or the original lost it")
	}
	enter(b, map[string]string{"result": "Đã phát 12 buổi trên loa của 6 bản."})
	b.shot("walk-4-commune-390")
	do("/submit")
	says("Chờ duyệt")

	// The Sở accepts it and hands in its own work, which the province accepts.
	at("syt.ld", strings.TrimPrefix(task, s.url))
	says("Đã phát 12 buổi trên loa của 6 bản.")
	eval[any](b, `document.querySelector("input[name=verdict][value=accept]").click(); 0`)
	do("/accept")
	says("Đã duyệt")
	s.signIn(b, "syt.cv")
	task = s.follow(b, strings.TrimPrefix(draft, s.url)+" > Việc được giao > Phát thanh về thủ đoạn")
	b.open(task, 1366)
	if !eval[bool](b, `[...document.querySelectorAll("main button")].some(e => e.innerText.trim() === "Nộp kết quả")`) {
		t.Error("nothing to hand in with")
	}
	send("files", word(t, "Tổng hợp kết quả.docx", "Sở Y tế\nTổng hợp kết quả phát thanh"))
	press(b, "Đính kèm")
	enter(b, map[string]string{"result": "Các xã đã phát thanh."})
	do("/submit")
	at("ubnd.ld", strings.TrimPrefix(task, s.url))
	eval[any](b, `document.querySelector("input[name=verdict][value=accept]").click(); 0`)
	do("/accept")
	says("Đã duyệt")
	b.shot("walk-5-accepted-1366")
	b.open(draft+"/tree", 1366)
	says("Sở Y tế tỉnh Sơn La")
	b.shot("walk-6-tree-1366")
}
