package audit

import (
	"bytes"
	"io"
	"strconv"

	"chungtay/internal/errs"
	"chungtay/internal/web"
)

// mostHeads is how many heads the page shows; older ones are in the database and in the copies kept elsewhere.
const mostHeads = 100

type shownHead struct {
	headRow
	Good bool
}

func (c *Reader) pageHeads(rq *web.Request) (web.Reply, error) {
	rows, err := lastHeads(rq.Tx, mostHeads)
	if err != nil {
		return web.Reply{}, err
	}
	key, err := c.Key()
	if err != nil {
		return web.Reply{}, err
	}
	var list []shownHead
	for _, r := range rows {
		h, err := ReadHead(r.Note, key)
		list = append(list, shownHead{r, err == nil && h.Size == r.Size})
	}
	return web.Show(rq.T("audit.heads.title"), headsView(list, key.Name())).With(crumb(rq), web.Crumb{Text: rq.T("audit.heads.title")}), nil
}

// downloadHead gives a signed head as a file, to be kept where nobody who runs this system can change it.
func (c *Reader) downloadHead(rq *web.Request) (web.Reply, error) {
	size, err := strconv.ParseInt(rq.HTTP.PathValue("size"), 10, 64)
	if err != nil {
		return web.Reply{}, errs.Absent("head", "")
	}
	h, ok, err := findHead(rq.Tx, size)
	if err != nil {
		return web.Reply{}, err
	}
	if !ok {
		return web.Reply{}, errs.Absent("head", strconv.FormatInt(size, 10))
	}
	return web.Download(web.File{Name: "chungtay-audit-" + strconv.FormatInt(size, 10) + ".txt", Type: "text/plain; charset=utf-8", Size: int64(len(h.Note)), ModTime: h.At,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader([]byte(h.Note))), nil }}), nil
}
