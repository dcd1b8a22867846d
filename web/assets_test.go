package assets

import "testing"

// The script enhances pages that work without it, over bad lines: it has no library in it and costs less than 10 KB.
func TestTheScriptIsSmall(t *testing.T) {
	a, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(a.files[a.names["app.js"]].zipped); n == 0 || n > 10<<10 {
		t.Errorf("%d bytes compressed", n)
	}
}
