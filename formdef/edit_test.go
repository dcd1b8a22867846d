package formdef

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestDraftKeepsWhatItDoesNotTouch(t *testing.T) {
	b, err := os.ReadFile("testdata/small.json")
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDraft(b)
	if err != nil {
		t.Fatal(err)
	}
	out := d.JSON()
	if again, err := NewDraft(out); err != nil || !bytes.Equal(again.JSON(), out) {
		t.Errorf("laid out twice it differs, %v", err)
	}
	if a, b := parse(t, string(b)), parse(t, string(out)); len(a.Cells()) != len(b.Cells()) || len(a.Rules) != len(b.Rules) {
		t.Error("laying out changed the form")
	}
	for _, line := range strings.Split(string(out), "\n") {
		if len([]rune(line)) > lineWidth {
			t.Errorf("a line of %d characters: %.60s", len([]rune(line)), line)
		}
	}
}

func TestDraft(t *testing.T) {
	d, err := NewDraft([]byte(one(`{"name":"a","type":"integer","label":"A"},{"name":"b","type":"integer","label":{"vi":"B","en":"b"},"min":2}`)))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "wording", []Text{d.Wording("sections[1].fields[1].label"), d.Wording("sections[1].fields[2].label")}, []Text{{VI: "A"}, {"B", "b"}})
	d.SetWording("sections[1].fields[1].label", Text{"Ô a", "Cell a"})
	d.SetText("sections[1].fields[1].unit", "buoi")
	d.SetNumber("sections[1].fields[2].min", "")
	d.SetNumber("sections[1].fields[2].max", "12.50")
	d.SetFlag("sections[1].fields[2].none", false, true)
	d.SetText("sections[1].fields[1].indicator.code", "TT01")
	if at := d.Insert("sections[1].fields", 2, [2]string{"name", "c"}, [2]string{"type", "text"}, [2]string{"label", "C"}); at != "sections[1].fields[2]" {
		t.Error(at)
	}
	if at := d.Move("sections[1].fields[3]", -1); at != "sections[1].fields[2]" {
		t.Error(at)
	}
	d.Drop("sections[1].fields[3]")
	d.Drop("sections[9].fields[3]")
	d.Insert("breakdowns", 0, [2]string{"name", "x"})
	d.Drop("breakdowns[1]")
	same(t, "definition", string(d.JSON()), `{
  "code": "f", "title": "F",
  "sections": [
    {
      "name": "s", "title": "S",
      "fields": [
        {"name": "a", "type": "integer", "label": {"vi": "Ô a", "en": "Cell a"}, "unit": "buoi", "indicator": {"code": "TT01"}},
        {"name": "b", "type": "integer", "label": {"vi": "B", "en": "b"}, "max": 12.50, "none": false}
      ]
    }
  ],
  "breakdowns": []
}
`)
}
