package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/i18n"
	"chungtay/internal/sheet"
	"chungtay/orgunit"
	"chungtay/policy"
)

// UnitsCmd groups what is done with units from the command line.
type UnitsCmd struct {
	Import UnitsImportCmd `cmd:"" help:"Nhập đơn vị và thông tin liên hệ từ XLSX, CSV. (Import units and how to reach them.)"`
	Export UnitsExportCmd `cmd:"" help:"Xuất danh mục đơn vị; tệp này nhập lại được. (Export the list of units; the file can be imported.)"`
}

// UnitsImportCmd imports a list. Exit status: 0 done, or every row fits; 3 rows have to be mended, nothing was written.
type UnitsImportCmd struct {
	File   string `arg:"" help:"Tệp XLSX hoặc CSV. (The file.)" type:"existingfile"`
	DryRun bool   `help:"Chỉ xem số phận từng dòng, không ghi. (Show what becomes of each row; write nothing.)"`
	On     string `help:"Ngày thay đổi có hiệu lực, mặc định hôm nay. (Day from which changes hold.)" placeholder:"YYYY-MM-DD"`
	Basis  string `help:"Căn cứ. (Legal basis.)"`
	Lang   string `help:"Ngôn ngữ. (Language.)" enum:"vi,en" default:"vi"`
	Config string `help:"Tệp thiết lập TOML. (Settings file.)" type:"path"`
}

// importStep is how many units are written in one transaction.
const importStep = 2000

// Run reads the list, prints the rows that are not the same already, and carries them out in steps; a run that was cut off is run again.
func (c UnitsImportCmd) Run(ctx context.Context, s *Streams) error {
	b, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	in, err := openReady(ctx, c.Config, s)
	if err != nil {
		return err
	}
	defer in.Close()
	lang := i18n.ParseLang(c.Lang)
	table, err := sheet.Read(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return said(in, lang, err)
	}
	on := civil.Of(in.DB.Now())
	if c.On != "" {
		if on, err = civil.Parse(c.On); err != nil {
			return fmt.Errorf("--on %s: YYYY-MM-DD", c.On)
		}
	}
	by := policy.System("units import")
	var plan orgunit.ListPlan
	if err := in.DB.Read(ctx, func(tx *db.Tx) (err error) { plan, err = in.Units.PlanImport(tx, by, table, on); return err }); err != nil {
		return said(in, lang, err)
	}
	for _, r := range plan.Rows {
		if r.Fate == orgunit.RowSame {
			continue
		}
		var about []string
		for _, p := range r.Problems {
			about = append(about, in.Words.Text(lang, p.Key, p.Args...))
		}
		for _, x := range r.Changes {
			about = append(about, fmt.Sprintf("%s: %q → %q", in.Words.Text(lang, "orgunit.import.column."+x.Field), x.From, x.To))
		}
		fmt.Fprintf(s.Out, "%d\t%s\t%s\t%s\n", r.Line, in.Words.Text(lang, "orgunit.import.fate."+string(r.Fate)), r.Unit.Name, strings.Join(about, "; "))
	}
	for _, f := range orgunit.RowFates {
		fmt.Fprintf(s.Err, "%s: %s\n", in.Words.Text(lang, "orgunit.import.fate."+string(f)), i18n.Int(lang, int64(plan.Count[f])))
	}
	if plan.Count[orgunit.RowRefused] > 0 {
		return ExitCode(3)
	}
	if c.DryRun {
		return nil
	}
	for all := 0; ; {
		var done, left int
		if err := in.DB.Write(ctx, func(tx *db.Tx) (err error) {
			done, left, err = in.Units.ImportSome(tx, by, table, on, c.Basis, importStep)
			return err
		}); err != nil {
			return said(in, lang, err)
		}
		all += done
		if isTerminal(s.Err) {
			fmt.Fprintf(s.Err, "\r\x1b[K%d/%d", all, all+left)
		}
		if left == 0 {
			return nil
		}
	}
}

// said turns a refusal into its sentence.
func said(in *Installation, lang i18n.Lang, err error) error {
	if f := errs.FieldsOf(err); len(f) > 0 {
		return errors.New(in.Words.Text(lang, f[0].Key, f[0].Args...))
	}
	if m, ok := errs.TextOf(err); ok && errs.Of(err) != errs.Internal {
		return errors.New(in.Words.Text(lang, m.Key, m.Args...))
	}
	return err
}

// UnitsExportCmd writes the list of living units.
type UnitsExportCmd struct {
	Out    string `short:"o" help:"Tệp .xlsx hoặc .csv; không ghi thì in CSV ra màn hình. (File to write; without it CSV goes to standard output.)" type:"path"`
	Lang   string `help:"Ngôn ngữ. (Language.)" enum:"vi,en" default:"vi"`
	Config string `help:"Tệp thiết lập TOML. (Settings file.)" type:"path"`
}

// Run writes it.
func (c UnitsExportCmd) Run(ctx context.Context, s *Streams) error {
	in, err := openReady(ctx, c.Config, s)
	if err != nil {
		return err
	}
	defer in.Close()
	lang := i18n.ParseLang(c.Lang)
	var t sheet.Table
	if err := in.DB.Read(ctx, func(tx *db.Tx) (err error) {
		t, err = orgunit.ListTable(tx, "", civil.Of(tx.Now), func(key string, args ...any) string { return in.Words.Text(lang, key, args...) })
		return err
	}); err != nil {
		return err
	}
	if c.Out == "" {
		return sheet.CSV(s.Out, t)
	}
	if isTerminal(s.Err) {
		t.Progress = func(done int) { fmt.Fprintf(s.Err, "\r\x1b[K%d/%d", done, len(t.Rows)) }
	}
	var b bytes.Buffer
	write := func(w io.Writer) error { return sheet.XLSX(w, t) }
	if strings.HasSuffix(strings.ToLower(c.Out), ".csv") {
		write = func(w io.Writer) error { return sheet.CSV(w, t) }
	}
	if err := write(&b); err != nil {
		return err
	}
	if t.Progress != nil {
		fmt.Fprintln(s.Err)
	}
	if err := os.WriteFile(c.Out, b.Bytes(), 0o644); err != nil {
		return err
	}
	fmt.Fprintln(s.Err, in.Words.Text(lang, "orgunit.import.exported", len(t.Rows), c.Out))
	return nil
}
