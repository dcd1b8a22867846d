// Package assets holds the built assets of the site (web/dist) in the binary, compressed once at start, and serves them under /a/.
package assets

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"io"
	"net/http"
	"path"
	"strings"
)

//go:embed dist
var dist embed.FS

// Licences is the text of the licences of what the assets contain.
func Licences() string {
	b, _ := dist.ReadFile("dist/LICENSES.txt")
	return string(b)
}

type file struct {
	plain, zipped []byte
	typ           string
}

// Assets serves the built files.
type Assets struct {
	files map[string]file
	names map[string]string
}

// Load reads the embedded files. It fails only if the build of the assets is broken.
func Load() (*Assets, error) {
	a := &Assets{files: map[string]file{}}
	b, err := dist.ReadFile("dist/manifest.json")
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &a.names); err != nil {
		return nil, err
	}
	for _, name := range a.names {
		b, err := dist.ReadFile("dist/" + name)
		if err != nil {
			return nil, err
		}
		f := file{plain: b, typ: types[path.Ext(name)]}
		if path.Ext(name) != ".woff2" {
			var z bytes.Buffer
			w, _ := gzip.NewWriterLevel(&z, gzip.BestCompression)
			w.Write(b)
			w.Close()
			f.zipped = z.Bytes()
		}
		a.files[name] = f
	}
	return a, nil
}

var types = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}

// URL returns the address of a file by its name without hash: "app.css", "source-sans-3-latin-400-normal.woff2".
func (a *Assets) URL(name string) string { return "/a/" + a.names[name] }

// ServeHTTP serves /a/NAME. Names carry a hash of the content, so that browsers keep them for ever.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := a.files[strings.TrimPrefix(r.URL.Path, "/a/")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.typ)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	body := f.plain
	if f.zipped != nil {
		h.Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = f.zipped
		}
	}
	if r.Method != http.MethodHead {
		io.Copy(w, bytes.NewReader(body))
	}
}
