package document

import (
	"context"
	"fmt"
	"io"
	"strings"

	"chungtay/audit"
	"chungtay/docparse"
	"chungtay/doctext"
	"chungtay/internal/blob"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/ids"
	"chungtay/internal/jobs"
	"chungtay/internal/viet"
	"chungtay/policy"
)

// fileKind is how the store of files knows this room's records.
const fileKind = "document"

func (f File) ref() blob.Ref {
	return blob.Ref{ID: f.Blob, Type: blob.Type(f.Type), Size: f.Size, Name: f.Name}
}

func (c *Documents) addFile(tx *db.Tx, by policy.Actor, document string, seq int, r blob.Ref) error {
	f := File{ID: ids.New(tx.Now), Document: document, Seq: seq, Name: viet.NFC(r.Name), Type: string(r.Type), Size: r.Size, Blob: r.ID, Extraction: Waiting,
		AddedAt: tx.Now, AddedBy: by.Person}
	if err := c.Blobs.Use(tx, r, fileKind, document); err != nil {
		return err
	}
	return insertFile(tx, f)
}

// Files lists the files of a paper. The caller has been given the paper by Get.
func Files(tx *db.Tx, d Document) ([]File, error) { return listFiles(tx, d.ID) }

// Attach adds files to a paper that stands in a register: the signed copy, an annex that came later. What is there stays.
func (c *Documents) Attach(tx *db.Tx, by policy.Actor, id string, files []blob.Ref) error {
	d, err := c.keeps(tx, by, id)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return errs.AtField("file", "document.need_file")
	}
	there, err := listFiles(tx, d.ID)
	if err != nil {
		return err
	}
	for i, f := range files {
		for _, o := range there {
			if o.Blob == f.ID {
				return errs.AtField("file", "document.file_there", o.Name)
			}
		}
		if err := c.addFile(tx, by, d.ID, len(there)+i+1, f); err != nil {
			return err
		}
	}
	if err := c.enqueue(tx, by, d); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(keeper(d), d.Unit), audit.Deed{Action: "document.attached", Kind: "document", ID: d.ID, Change: audit.Change{"files": {"", itoa(len(files))}}})
}

// keeper is the permission of those who keep the register a paper stands in.
func keeper(d Document) policy.Permission {
	if d.Direction == In {
		return Register
	}
	return Issue
}

// keeps returns a paper the actor keeps the register of: incoming by Register, outgoing by Issue.
func (c *Documents) keeps(tx *db.Tx, by policy.Actor, id string) (Document, error) {
	d, err := c.Get(tx, by, id)
	if err != nil {
		return d, err
	}
	kept, err := c.see(tx, by, keeper(d), id)
	if errs.Is(err, errs.NotFound) { // it may be read, so it is no secret that it is there
		err = errs.New(errs.Forbidden, "document.may_not")
	}
	return kept, err
}

// Extract is the kind of job that reads the files of a paper.
const Extract = "document.extract"

type extractOrder struct {
	Document string `json:"document"`
}

// enqueue lets a job read the files of a paper that are waiting.
func (c *Documents) enqueue(tx *db.Tx, by policy.Actor, d Document) error {
	_, err := jobs.Enqueue(tx, Extract, extractOrder{d.ID}, jobs.Coalesce(d.ID), jobs.WithPriority(jobs.High), jobs.Owner(d.Unit, by.Person))
	return err
}

// Reread reads the files of a paper again: with a better reader, or after text recognition was installed. An issued paper's own text stays.
func (c *Documents) Reread(tx *db.Tx, by policy.Actor, id string) error {
	d, err := c.keeps(tx, by, id)
	if err != nil {
		return err
	}
	files, err := listFiles(tx, d.ID)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return errs.New(errs.Conflict, "document.nothing_to_read")
	}
	for _, f := range files {
		f.Extraction = Waiting
		f.Note.V = nil
		if err := setFileExtraction(tx, f); err != nil {
			return err
		}
	}
	if d.State != Issued && d.State != Withdrawn {
		if err := setExtraction(tx, d.ID, Waiting, ""); err != nil {
			return err
		}
	}
	if err := c.enqueue(tx, by, d); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(keeper(d), d.Unit), audit.Deed{Action: "document.reread", Kind: "document", ID: d.ID})
}

// reading is what the job found in one file.
type reading struct {
	File
	text string
	doc  *docparse.Document
}

// extract reads the waiting files of a paper and keeps what they say. It is safe to run twice: everything it does is one Finish.
func (c *Documents) extract(ctx context.Context, j *jobs.Job) error {
	var o extractOrder
	if err := j.Decode(&o); err != nil {
		return err
	}
	var files []File
	gone := false
	err := j.DB.Read(ctx, func(tx *db.Tx) error {
		_, err := byID(tx, o.Document)
		if gone = errs.Is(err, errs.NotFound); gone {
			return nil
		}
		if err != nil {
			return err
		}
		files, err = listFiles(tx, o.Document)
		return err
	})
	if err != nil || gone {
		return err
	}
	var done []reading
	for i, f := range files {
		if f.Extraction != Waiting {
			continue
		}
		if err := j.Progress(ctx, i, len(files), "document.progress.reading"); err != nil {
			return err
		}
		r, err := c.readFile(ctx, f)
		if err != nil {
			return err
		}
		done = append(done, r)
	}
	return j.Finish(ctx, func(tx *db.Tx) error { return c.keep(tx, o.Document, done) })
}

// readFile gets the text out of one file. What is wrong with the file is said in the result; an error is the installation's.
func (c *Documents) readFile(ctx context.Context, f File) (reading, error) {
	r := reading{File: f}
	content, err := c.Blobs.Open(ctx, f.ref())
	if err != nil {
		return r, fmt.Errorf("read file %s: %w", f.ID, err)
	}
	defer content.Close()
	text, err := doctext.Extract(ctx, content, f.Size, f.Name, c.Texts)
	for _, w := range text.Warnings {
		r.Note.V = append(r.Note.V, errs.Message{Key: w.Key, Args: w.Args})
	}
	switch m, ok := errs.TextOf(err); {
	case err == nil:
		r.Extraction, r.text = Done, first(text.Plain, MaxText)
		r.doc = docparse.Read(r.text, docparse.Options{Register: c.Legal})
	case ctx.Err() != nil:
		return r, ctx.Err()
	case ok:
		r.Extraction, r.Note.V = Failed, append([]errs.Message{m}, r.Note.V...)
	default:
		return r, fmt.Errorf("text of file %s: %w", f.ID, err)
	}
	return r, nil
}

// keep stores what was read. The paper's own text is that of the file that looks like a paper with a number; the texts of the others can be
// searched. A mark of secrecy in any of them, before the paper is entered, throws everything away; found later it erases what carries it.
func (c *Documents) keep(tx *db.Tx, id string, done []reading) error {
	d, err := byID(tx, id)
	if errs.Is(err, errs.NotFound) {
		return nil // thrown away meanwhile
	}
	if err != nil {
		return err
	}
	frozen := d.State == Issued || d.State == Withdrawn
	if d.State != Arrived {
		if done, err = c.eraseSecret(tx, &d, done); err != nil {
			return err
		}
	}
	main := -1
	for i, r := range done {
		if r.doc == nil {
			continue
		}
		if r.doc.Secrecy.Value != "" && d.State == Arrived {
			return c.refuse(tx, policy.System(Extract), d, BecauseSecret)
		}
		if main < 0 || looksLikePaper(r.doc) && !looksLikePaper(done[main].doc) {
			main = i
		}
	}
	own, there, err := findText(tx, id, 0)
	if err != nil {
		return err
	}
	pasted := there && own.Text != "" && d.Extraction == Done // the text was pasted or frozen: files stand beside it
	for i, r := range done {
		if err := setFileExtraction(tx, r.File); err != nil {
			return err
		}
		switch {
		case i == main && !pasted:
			err = dropText(tx, id, r.Seq)
		case r.doc != nil:
			err = saveText(tx, id, r.Seq, r.text, "")
		}
		if err != nil {
			return err
		}
	}
	if pasted || frozen && there {
		return index(tx, d)
	}
	if main < 0 {
		if len(done) > 0 && d.Extraction == Waiting {
			if err := setExtraction(tx, id, Failed, "document.extraction.failed"); err != nil {
				return err
			}
		}
		return index(tx, d)
	}
	m := done[main]
	if !frozen {
		propose(&d.Facts, m.doc)
		if err := nameUnit(tx, &d.Facts, m.doc); err != nil {
			return err
		}
	}
	if d.Extraction = Done; d.ExtractionNote != noteSecret {
		d.ExtractionNote = ""
	}
	d.place()
	if err := saveDocument(tx, d); err != nil {
		return err
	}
	return c.keepText(tx, d, m.text, m.doc)
}

// eraseSecret takes the files that carry a mark of secrecy away from a paper that stands in a register already, with everything that was
// read from them, and returns the others. The line in the register stays, for its number is used; the page and the log say what happened. What
// people typed of the paper goes too where it was typed from such a file: no open text is left, or the subject stands in the secret one alone.
func (c *Documents) eraseSecret(tx *db.Tx, d *Document, done []reading) ([]reading, error) {
	var rest []reading
	var gone, open strings.Builder
	for _, r := range done {
		if r.doc == nil || r.doc.Secrecy.Value == "" {
			rest = append(rest, r)
			open.WriteString(" " + plain(r.text))
			continue
		}
		gone.WriteString(" " + plain(r.text))
		if err := c.Blobs.Erase(tx, r.ref(), fileKind, d.ID); err != nil {
			return nil, err
		}
		if err := dropText(tx, d.ID, r.Seq); err != nil {
			return nil, err
		}
		if err := deleteFile(tx, r.ID); err != nil {
			return nil, err
		}
		if err := insertRefused(tx, refusal{r.ID, d.Unit, BecauseSecret, tx.Now, r.AddedBy}); err != nil {
			return nil, err
		}
	}
	if len(rest) == len(done) {
		return rest, nil
	}
	own, there, err := findText(tx, d.ID, 0)
	if err != nil {
		return nil, err
	}
	if there && SecretMark(own.Text) != "" {
		if err := dropText(tx, d.ID, 0); err != nil {
			return nil, err
		}
		if err := saveCitations(tx, d.ID, nil); err != nil {
			return nil, err
		}
		there = false
	}
	if !there {
		d.Extraction = NoText
	} else {
		open.WriteString(" " + plain(own.Text))
	}
	texts, err := fileTexts(tx, d.ID)
	if err != nil {
		return nil, err
	}
	for _, text := range texts {
		open.WriteString(" " + plain(text))
	}
	if subject := plain(d.Subject); open.Len() == 0 || strings.Contains(gone.String(), subject) && !strings.Contains(open.String(), subject) {
		d.Subject = i18n.T(i18n.With(tx.Context(), c.Sentences, i18n.VI), "document.extraction.masked")
		d.Signer, d.SignerTitle, d.Recipients, d.Note, d.Receipt = "", "", "", "", ""
	}
	d.ExtractionNote = noteSecret
	if err := saveDocument(tx, *d); err != nil {
		return nil, err
	}
	d.Version++
	return rest, audit.Log(tx, policy.System(Extract), audit.Self(), audit.Deed{Action: "document.file_refused", Kind: "document", ID: d.ID,
		Change: audit.Change{"files": {itoa(len(done) - len(rest)), ""}}})
}

// noteSecret is what a paper's page says when files of it were erased because they carried a mark of secrecy.
const noteSecret = "document.extraction.secret"

// SecretMark is the degree of secrecy a text carries on its face, "" for none.
func SecretMark(text string) string {
	return docparse.Read(text, docparse.Options{}).Secrecy.Value
}

func looksLikePaper(r *docparse.Document) bool {
	return r.Form != docparse.Page && r.Number.Number != ""
}

// Remarks gives the sentences of an extraction as they can be shown.
func (f File) Remarks() []errs.Message {
	out := f.Note.V
	for i := range out {
		for k, a := range out[i].Args {
			if n, ok := a.(float64); ok && n == float64(int64(n)) {
				out[i].Args[k] = int64(n)
			}
		}
	}
	return out
}

// Content opens a file of a paper for a reader.
func (c *Documents) Content(tx *db.Tx, by policy.Actor, document, file string) (io.ReadSeekCloser, File, error) {
	d, err := c.Get(tx, by, document)
	if err != nil {
		return nil, File{}, err
	}
	f, err := findFile(tx, d.ID, file)
	if err != nil {
		return nil, f, err
	}
	r, err := c.Blobs.OpenIn(tx, f.ref())
	return r, f, err
}

// progress is how far the reading of a paper is, for its page.
func progress(tx *db.Tx, d Document) (jobs.Row, bool, error) {
	p, err := jobs.List(tx, jobs.Filter{Kind: Extract, Key: d.ID, Size: 1})
	if err != nil || len(p.Rows) == 0 {
		return jobs.Row{}, false, err
	}
	return p.Rows[0], true, nil
}
