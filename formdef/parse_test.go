package formdef

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// refused parses a definition that must be refused and returns what is said.
func refused(t *testing.T, s string) []string {
	t.Helper()
	_, err := Parse([]byte(s))
	var p *ParseError
	if !errors.As(err, &p) {
		t.Fatalf("accepted, error %v", err)
	}
	var out []string
	for _, x := range p.Problems {
		out = append(out, say(t, x))
	}
	return out
}

// one builds a form with one section.
func one(fields string) string {
	return `{"code":"f","title":"F","sections":[{"name":"s","title":"S","fields":[` + "\n" + fields + "\n]}]}"
}

func TestWhatParseRefuses(t *testing.T) {
	const a = `{"name":"a","type":"integer","label":"A"},{"name":"c","type":"choice","label":"C","choices":[{"value":"x","label":"X"}]},{"name":"d","type":"date","label":"D"},{"name":"n","type":"text","label":"N"},` +
		`{"name":"t","type":"table","label":"T","rows":[{"name":"r","label":"R"}],"columns":[{"name":"k","type":"integer","label":"K"}]},{"name":"p","type":"repeat","label":"P","fields":[{"name":"q","type":"integer","label":"Q"}]},` + "\n"
	calc := func(e string) string {
		return one(a + `{"name":"b","type":"integer","label":"B","calculate":"` + e + `"}`)
	}
	for _, c := range []struct{ name, in, want string }{
		{"not JSON", "{\n \"code\": x}", `2 : Không đọc được từ chữ x. Đặt chữ trong dấu nháy kép.`},
		{"cut off", `{"code":"f",`, `1 : Nội dung dừng giữa chừng. Đóng đủ dấu ngoặc và dấu nháy.`},
		{"key twice", "{\"code\":\"f\",\n\"code\":\"g\"}", `2 : Mục code viết hai lần. Giữ lại một.`},
		{"comma too many", "{\"code\":\"f\",\n}", `2 : Thừa dấu phẩy ở cuối. Xóa dấu phẩy trước dấu đóng ngoặc.`},
		{"text after", `{} {}`, `1 : Còn chữ sau dấu } cuối cùng. Xóa phần thừa.`},
		{"empty", `{}`, `1 code: Thiếu mục code. Bổ sung.`},
		{"unknown key", one(`{"name":"a","typ":"integer","label":"A"}`), `2 sections[1].fields[1].typ: Không có mục nào tên typ. Có phải là type?`},
		{"name", one(`{"name":"Số buổi","type":"integer","label":"A"}`), `2 sections[1].fields[1].name: Tên Số buổi không dùng được. Viết chữ thường không dấu, số và gạch dưới, bắt đầu bằng chữ, tối đa 60 ký tự, ví dụ luot_nguoi.`},
		{"type", one(`{"name":"a","type":"int","label":"A"}`), `2 sections[1].fields[1].type: Giá trị int không dùng được. Chọn một trong: integer, decimal, money, text, narrative, choice, date, table, repeat.`},
		{"name twice", one(`{"name":"a","type":"integer","label":"A"},` + "\n" + `{"name":"a","type":"text","label":"A"}`), `3 sections[1].fields[2]: Tên a đã dùng. Đặt tên khác.`},
		{"unit", one(`{"name":"a","type":"integer","label":"A","unit":"buoj"}`), `2 sections[1].fields[1].unit: Chưa có đơn vị tính buoj. Có phải là buoi? Nếu là đơn vị mới, thêm vào mục units.`},
		{"constraint without words", one(`{"name":"a","type":"integer","label":"A","constraint":". > 1"}`), `2 sections[1].fields[1]: Thiếu mục constraint_msg. Bổ sung.`},
		{"unknown field", calc("${aa} + 1"), `3 sections[1].fields[7].calculate: Công thức, ký tự thứ 1: không có ô nào tên aa.`},
		{"circle of one", calc("${b} + 1"), `3 sections[1].fields[7]: Công thức đi vòng: b → b. Bỏ một công thức trong vòng.`},
		{"circle of two", one(`{"name":"a","type":"integer","label":"A","calculate":"${b}"},` + "\n" + `{"name":"b","type":"integer","label":"B","calculate":"${a} * 2"}`), `2 sections[1].fields[1]: Công thức đi vòng: a → b → a. Bỏ một công thức trong vòng.`},
		{"circle through relevance", one(`{"name":"a","type":"integer","label":"A","relevant":"${b} > 1"},` + "\n" + `{"name":"b","type":"integer","label":"B","calculate":"${a} * 2"}`), `2 sections[1].fields[1]: Công thức đi vòng: a → b → a. Bỏ một công thức trong vòng.`},
		{"slash", calc("${a} / 2"), `3 sections[1].fields[7].calculate: Công thức, ký tự thứ 6: dấu / không phải phép chia. Viết div.`},
		{"chain", calc("if(1 < ${a} < 3, 1, 2)"), `3 sections[1].fields[7].calculate: Công thức, ký tự thứ 13: không nối hai phép so sánh. Viết a < b and b < c.`},
		{"bare word", calc("a + 1"), `3 sections[1].fields[7].calculate: Công thức, ký tự thứ 1: không hiểu từ a. Tên ô viết trong ${...}, chữ viết trong dấu nháy.`},
		{"result", calc("${a} > 1"), `3 sections[1].fields[7].calculate: Công thức, ký tự thứ 1: kết quả phải là số, ở đây là điều kiện.`},
		{"choice", calc("if(${c} = 'y', 1, 2)"), `3 sections[1].fields[7].calculate: Công thức, ký tự thứ 11: ô c không có lựa chọn y. Có: x.`},
		{"date as text", calc("if(${d} > '2026-01-01', 1, 2)"), `3 sections[1].fields[7].calculate: Công thức, ký tự thứ 9: ngày so sánh với date('2026-07-30').`},
		{"date that is none", calc("if(${d} > date('2026-02-30'), 1, 2)"), `3 sections[1].fields[7].calculate: Công thức, ký tự thứ 11: ngày viết như date('2026-07-30').`},
		{"text in arithmetic", calc("${n} + 1"), `3 sections[1].fields[7].calculate: Công thức, ký tự thứ 6: cần một số, ở đây là chữ.`},
		{"table bare", calc("${t} + 1"), `3 sections[1].fields[7].calculate: Công thức, ký tự thứ 1: t là một bảng. Viết t/dong/cot, hoặc t/*/cot để lấy cả cột.`},
		{"list bare", calc("${t/*/k} + 1"), `3 sections[1].fields[7].calculate: Công thức, ký tự thứ 10: t/*/k là nhiều ô. Đặt trong sum(), min(), max() hoặc count-non-empty().`},
		{"repeat bare", calc("${p/q} + 1"), `3 sections[1].fields[7].calculate: Công thức, ký tự thứ 8: p/q là nhiều ô. Đặt trong sum(), min(), max() hoặc count-non-empty().`},
		{"function", calc("summ(${a})"), `3 sections[1].fields[7].calculate: Công thức, ký tự thứ 1: không có hàm summ. Có phải là sum?`},
		{"arguments", calc("if(true(), 1)"), `3 sections[1].fields[7].calculate: Công thức, ký tự thứ 1: hàm if cần 3 tham số.`},
		{"branches", calc("if(true(), 1, 'x')"), `3 sections[1].fields[7].calculate: Công thức, ký tự thứ 1: hai nhánh phải cùng kiểu, ở đây là số và chữ.`},
		{"division by zero", calc("${a} div 0"), `3 sections[1].fields[7].calculate: Công thức, ký tự thứ 6: không chia cho 0.`},
		{"point in calculate", calc(". + 1"), `3 sections[1].fields[7].calculate: Công thức, ký tự thứ 1: dấu chấm chỉ dùng trong constraint, required và rules của một ô.`},
		{"quote", calc("if(${n} = 'x, 1, 2)"), `3 sections[1].fields[7].calculate: Công thức, ký tự thứ 11: thiếu dấu nháy đóng.`},
		{"ratio and calculate", one(a + `{"name":"b","type":"decimal","label":"B","calculate":"1","ratio":{"numerator":"a","denominator":"a"}}`), `3 sections[1].fields[7].ratio: Tỷ lệ đã có công thức riêng từ tử số và mẫu số. Bỏ calculate và total.`},
		{"breakdown nowhere", `{"code":"f","title":"F","sections":[{"name":"s","title":"S","fields":[` + a[:len(a)-2] + `]}],` + "\n" + `"breakdowns":[{"name":"b","type":"partition","parts":["a","zz"]}]}`, `2 breakdowns[1]: Không có ô số liệu nào tại zz. Viết ten_o hoặc bang/dong/cot.`},
		{"rule of a cell elsewhere", one(`{"name":"a","type":"integer","label":"A","rules":[{"test":". > 1","at":"b","message":"m"}]}`), `2 sections[1].fields[1].rules[1]: Quy tắc của một ô luôn hiện ở ô đó. Bỏ mục at.`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := refused(t, c.in); !slices.Contains(got, c.want) {
				t.Errorf("want %s\ngot  %s", c.want, strings.Join(got, "\n     "))
			}
		})
	}
}

func TestExpressionBombs(t *testing.T) {
	field := func(e string) string { return one(`{"name":"b","type":"integer","label":"B","calculate":"` + e + `"}`) }
	for name, c := range map[string][2]string{
		"depth":           {strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000), "quá dài"},
		"depth in bounds": {strings.Repeat("(", 900) + "1" + strings.Repeat(")", 900), "lồng nhau quá sâu"},
		"signs":           {strings.Repeat("-", 1500) + "1", "lồng nhau quá sâu"},
		"not(not(…":       {strings.Repeat("not(", 300) + "true()" + strings.Repeat(")", 300), "lồng nhau quá sâu"},
		"nodes":           {"1" + strings.Repeat("+1", 900), "quá nhiều phép tính"},
		"arguments":       {"sum(1" + strings.Repeat(",1", 900) + ")", "quá nhiều phép tính"},
		"big number":      {strings.Repeat("9", 400), "số viết sai"},
	} {
		if got := refused(t, field(c[0]))[0]; !strings.Contains(got, c[1]) {
			t.Errorf("%s: %s", name, got)
		}
	}
	// Numbers that double their digits in every field stop at the size of a figure.
	var b strings.Builder
	b.WriteString(`{"name":"x0","type":"integer","label":"X","max":999999}`)
	for i := 1; i < 60; i++ {
		fmt.Fprintf(&b, `,{"name":"x%d","type":"integer","label":"X","calculate":"${x%d} * ${x%d}"}`, i, i-1, i-1)
	}
	f := parse(t, one(b.String()))
	r := f.Evaluate(Values{"x0": n("999999")}, Context{})
	if got := found(t, r); len(got) != 1 || !strings.Contains(got[0], "kết quả quá lớn") {
		t.Errorf("squares of squares: %q", got)
	}
	// Formulas over the whole repeat in every entry stop at the limit of steps.
	b.Reset()
	b.WriteString(`{"name":"p","type":"repeat","label":"P","max_entries":500,"fields":[{"name":"q","type":"integer","label":"Q"}`)
	for i := range 40 {
		fmt.Fprintf(&b, `,{"name":"c%d","type":"integer","label":"C","calculate":"sum(${p/q})"}`, i)
	}
	b.WriteString(`]}`)
	f = parse(t, one(b.String()))
	v := Values{}
	for i := range 500 {
		v[EntryAddress("p", i+1, "q")] = n("1")
	}
	if r := f.Evaluate(v, Context{}); len(r.Problems) != 1 || r.Problems[0].Message.Key != "formdef.value.steps" {
		t.Errorf("whole repeat in every entry: %v", found(t, r))
	}
	// A table in which every cell reads every cell.
	b.Reset()
	b.WriteString(`{"name":"t","type":"table","label":"T","rows":[`)
	for i := range 900 {
		fmt.Fprintf(&b, `{"name":"r%d","label":"R"},`, i)
	}
	s := strings.TrimSuffix(b.String(), ",") + `],"columns":[{"name":"a","type":"integer","label":"A"},{"name":"b","type":"integer","label":"B","calculate":"sum(${t/*/a})"}]}`
	if got := refused(t, one(s))[0]; !strings.Contains(got, "đọc quá nhiều ô") {
		t.Errorf("everything reads everything: %s", got)
	}
	if got := refused(t, one(strings.ReplaceAll(s, `"rows":[`, `"rows":[`+strings.Repeat(`{"name":"x","label":"R"},`, 3200)))); !strings.Contains(strings.Join(got, ""), "đã dùng") {
		t.Errorf("thousands of rows of one name: %s", got[0])
	}
	if got := refused(t, strings.Repeat("[", 100_000))[0]; !strings.Contains(got, "quá sâu") {
		t.Error(got)
	}
	if got := refused(t, strings.Repeat(" ", MaxSize+1))[0]; !strings.Contains(got, "quá lớn") {
		t.Error(got)
	}
}

// wide is a form of 2,000 fields in which every tenth is a sum of the nine before it.
func wide() string {
	var b strings.Builder
	b.WriteString(`{"code":"to","title":"Biểu lớn","sections":[`)
	for s := range 20 {
		if s > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"name":"s%d","title":"Phần %d","fields":[`, s, s)
		for i := range 100 {
			if i > 0 {
				b.WriteByte(',')
			}
			k := s*100 + i
			if i%10 < 9 {
				fmt.Fprintf(&b, `{"name":"f%d","type":"integer","unit":"buoi","label":"Ô %d","required":true}`, k, k)
				continue
			}
			fmt.Fprintf(&b, `{"name":"f%d","type":"integer","unit":"buoi","label":"Ô %d","calculate":"${f%d}`, k, k, k-9)
			for j := k - 8; j < k; j++ {
				fmt.Fprintf(&b, ` + ${f%d}`, j)
			}
			b.WriteString(`"}`)
		}
		b.WriteString("]}")
	}
	b.WriteString("]}")
	return b.String()
}

func TestTwoThousandFields(t *testing.T) {
	f := parse(t, wide())
	if len(f.Cells()) != 2000 {
		t.Fatalf("%d cells", len(f.Cells()))
	}
	v := Values{}
	for _, c := range f.Cells() {
		if !c.Calculated() {
			v[c.Address] = n("2")
		}
	}
	r := f.Evaluate(v, Context{})
	if !r.OK() || len(r.Values) != 2000 || r.Values["f1999"] != n("18") {
		t.Errorf("%d values, last %v, findings %v", len(r.Values), r.Values["f1999"], found(t, r))
	}
}

func BenchmarkParse2000(b *testing.B) {
	s := []byte(wide())
	for b.Loop() {
		if _, err := Parse(s); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEvaluate2000(b *testing.B) {
	f := parse(b, wide())
	v := Values{}
	for _, c := range f.Cells() {
		if !c.Calculated() {
			v[c.Address] = n("2")
		}
	}
	for b.Loop() {
		f.Evaluate(v, Context{})
	}
}
