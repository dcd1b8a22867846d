package orgunit

import (
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/sheet"
)

// ListTable is the list of the units that live on a day or later, under one ("": all), in the columns that PlanImport reads: what it
// holds comes in again unchanged. t gives the words of a key in the reader's language.
func ListTable(tx *db.Tx, under string, on civil.Date, t func(key string, args ...any) string) (sheet.Table, error) {
	out := emptyList(t)
	list, err := listedUnits(tx, on)
	if err != nil {
		return out, err
	}
	inside := map[string]bool{}
	if under != "" {
		below, err := db.All[string](tx, `SELECT unit_id FROM orgunit_closure WHERE ancestor_id = $1`, under)
		if err != nil {
			return out, err
		}
		for _, id := range below {
			inside[id] = true
		}
	}
	names := make(map[string]string, len(list))
	for _, u := range list {
		names[u.ID] = u.Name
	}
	for _, u := range list {
		if under != "" && !inside[u.ID] {
			continue
		}
		internal, sector := "", ""
		if u.Internal {
			internal = "x"
		}
		if u.Sector != "" {
			sector = t("orgunit.sector." + u.Sector)
		}
		out.Rows = append(out.Rows, []any{u.ID, u.Code, u.Name, t("orgunit.kind." + string(u.Kind)), sector, t("orgunit.level." + string(u.Level)), internal,
			u.Superior, names[u.Superior], u.AreaCode, u.Phone, u.Email, u.Address, u.Born, u.Gone})
	}
	return out, nil
}

// emptyList is a list with its heads and no rows.
func emptyList(t func(key string, args ...any) string) sheet.Table {
	out := sheet.Table{Name: t("orgunit.title"), Title: t("orgunit.import.list_title"), Notes: []string{t("orgunit.import.list_note")}}
	widths := map[string]float64{"name": 50, "superior_name": 50, "address": 40, "internal": 12, "level": 12, "area": 12, "from": 14, "to": 14}
	for _, c := range listColumns {
		col := sheet.Column{Text: t("orgunit.import.column." + c), Width: max(widths[c], 18)}
		if c == "from" || c == "to" {
			col.Kind = sheet.Date
		}
		out.Columns = append(out.Columns, col)
	}
	return out
}

// ListTemplate are the sheets of a file to be filled in: the list without rows, and the words that its columns Loại, Lĩnh vực and Cấp understand.
func ListTemplate(t func(key string, args ...any) string) []sheet.Table {
	words := sheet.Table{Name: t("orgunit.import.words"), Title: t("orgunit.import.words")}
	var columns [][]string
	add := func(head, prefix string, list []string) {
		var out []string
		for _, x := range list {
			out = append(out, t(prefix+x))
		}
		words.Columns = append(words.Columns, sheet.Column{Text: t(head), Width: 34})
		columns = append(columns, out)
	}
	add("orgunit.import.column.kind", "orgunit.kind.", strs(Kinds))
	add("orgunit.import.column.sector", "orgunit.sector.", Sectors)
	add("orgunit.import.column.level", "orgunit.level.", strs(Levels))
	for i := range Kinds { // the longest of the three
		row := make([]any, len(columns))
		for k, c := range columns {
			if i < len(c) {
				row[k] = c[i]
			}
		}
		words.Rows = append(words.Rows, row)
	}
	return []sheet.Table{emptyList(t), words}
}
