package doctext

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHTML(t *testing.T) {
	cases := []struct{ name, page, want string }{
		{"article among furniture", `<!doctype html><html><head><title>Sở Y tế</title><script>var a="x<p>y"</script><style>p{}</style></head><body>
<nav><ul><li><a href="/">Trang chủ</a></li><li><a href="/tin">Tin tức</a></li></ul></nav><div id="menu-main" class="menu top"><a>Giới thiệu</a></div>
<div class="container"><div class="content"><h1>Hà Giang hưởng ứng Ngày toàn dân phòng, chống mua bán người</h1><p class=date>30/07/2023</p>
<p>Sáng 30/7, Ủy ban nhân dân tỉnh tổ chức lễ mít tinh<br>tại quảng trường 26/3.<p>Có <b>1.200</b>
 người dự.</p><ul><li>Xã Bản Lầm<li>Xã Nậm Vài</ul></div></div><footer>Bản quyền © 2023</footer></body></html>`,
			"Hà Giang hưởng ứng Ngày toàn dân phòng, chống mua bán người\n\n30/07/2023\n\nSáng 30/7, Ủy ban nhân dân tỉnh tổ chức lễ mít tinh\ntại quảng trường 26/3.\n\nCó 1.200 người dự.\n- Xã Bản Lầm\n- Xã Nậm Vài\n"},
		{"document in tables", `<html><body><form id=aspnetForm><table><tr><td><div><table width="100%"><tr><td><p align=center><b>ỦY BAN NHÂN DÂN<br>TỈNH LAI CHÂU<br>-------</b></p></td><td><p><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc</b></p></td></tr>
<tr><td>Số: 9/KH-UBND</td><td><i>Lai Châu, ngày 02 tháng 3 năm 2022</i></td></tr></table><p>KẾ HOẠCH</p><p>Phòng,&nbsp;chống mua bán người</p>` + strings.Repeat("<p>Việc phải làm trong năm.</p>", 60) + `<ol type=a><li>Một<li>Hai</ol></div></td></tr></table></form></body></html>`,
			"ỦY BAN NHÂN DÂN\nTỈNH LAI CHÂU\n-------\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\nSố: 9/KH-UBND\n\nLai Châu, ngày 02 tháng 3 năm 2022\n\nKẾ HOẠCH\n\nPhòng, chống mua bán người\n\n" + strings.Repeat("Việc phải làm trong năm.\n\n", 59) + "Việc phải làm trong năm.\na) Một\nb) Hai\n"},
		{"data", `<table><tr><th>TT</th><th>Xã</th><th>Số buổi</th><th>Lượt</th></tr><tr><td>1<td>Bản Lầm<td>5<td>620</table>`, "TT | Xã | Số buổi | Lượt\n1 | Bản Lầm | 5 | 620\n"},
		{"old font", `<html><body><p style="font-family:.VnTime">Céng hßa x&#183; héi chñ nghÜa ViÖt Nam</p><font face="VNI-Times">Ñoàng Thaùp</font></body></html>`, "Cộng hòa xã hội chủ nghĩa Việt Nam\nĐồng Tháp\n"},
		{"hidden", `<html><body><p>Thấy</p><p style="display: none">Không thấy</p><div hidden>Cũng không</div></body></html>`, "Thấy\n"},
		{"blank to fill in", `<html><p>Số:&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;/SYT-TTr</p></html>`, "Số:    /SYT-TTr\n"},
		{"unclosed", `<html><body><div><p>Một<div>Hai<b>ba<p>bốn`, "Một\nHaiba\n\nbốn\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text := extract(t, []byte(c.page))
			if text.Type != HTML {
				t.Errorf("type %s", text.Type)
			}
			if d := cmp.Diff(c.want, text.Plain); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestMHT(t *testing.T) {
	page := "MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n boundary=\"=_a\"; type=\"text/html\"\r\n\r\nThis is a web archive.\r\n--=_a\r\nContent-Type: text/html; charset=\"utf-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<html><body><p>T=E1=BB=89nh H=C3=A0 Giang</p></body></html>\r\n--=_a\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--=_a--\r\n"
	text := extract(t, []byte(page))
	if text.Type != MHT || text.Plain != "Tỉnh Hà Giang\n" {
		t.Errorf("%s %q", text.Type, text.Plain)
	}
}
