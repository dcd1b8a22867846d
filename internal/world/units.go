package world

import (
	"fmt"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/orgunit"
	"chungtay/policy"
)

// maker makes the cast in one transaction; after the first failure it does nothing more.
type maker struct {
	w      *World
	tx     *db.Tx
	stored string
	err    error
}

var system = policy.System("world")

func area(key, parent string, level orgunit.Level, to, from civil.Date, code, kind, name string) orgunit.AreaRow {
	r := orgunit.AreaRow{ID: orgunit.AreaOf(key), Level: level, From: from, Code: code, Kind: kind, Name: name, Verified: true}
	if parent != "" {
		r.Parent = orgunit.AreaOf(parent)
	}
	if !to.IsZero() {
		r.To = to.AddDays(-1)
	}
	return r
}

// areas are the rows of the map that the cast needs, as the whole map has them.
func areas() []orgunit.AreaRow {
	var none civil.Date
	reform := orgunit.Reform
	rows := []orgunit.AreaRow{
		area("province:son_la", "", orgunit.Province, reform, none, "14", "tinh", "Tỉnh Sơn La"), area("province:son_la", "", orgunit.Province, none, reform, "14", "tinh", "Tỉnh Sơn La"),
		area("province:thanh_hoa", "", orgunit.Province, reform, none, "38", "tinh", "Tỉnh Thanh Hóa"), area("province:thanh_hoa", "", orgunit.Province, none, reform, "38", "tinh", "Tỉnh Thanh Hóa"),
		area("district:125", "province:son_la", orgunit.District, reform, none, "125", "huyen", "Huyện Mai Sơn"),
		area("district:120", "province:son_la", orgunit.District, reform, none, "120", "huyen", "Huyện Mường La"),
	}
	for _, c := range [][4]string{{"04123", "district:125", "xa", "Xã Chiềng Mung"}, {"04138", "district:125", "xa", "Xã Cò Nòi"}, {"03808", "district:120", "thi_tran", "Thị trấn Ít Ong"}} {
		rows = append(rows, area("commune:2021:"+c[0], c[1], orgunit.Commune, reform, none, c[0], c[2], c[3]))
	}
	for _, c := range [][3]string{{"14797", "phuong", "Phường Hạc Thành"}, {"15499", "xa", "Xã Thọ Xuân"}, {"14845", "xa", "Xã Mường Lát"}} {
		rows = append(rows, area("commune:2025:"+c[0], "province:thanh_hoa", orgunit.Commune, none, reform, c[0], c[1], c[2]))
	}
	return rows
}

func (m *maker) units() {
	w := m.w
	rows := areas()
	wanted := map[string]bool{}
	for _, r := range rows {
		wanted[r.ID] = true
	}
	want := func(a orgunit.Area) bool { return wanted[a.ID] }
	m.do(func() error { return orgunit.LoadSomeAreas(m.tx, rows) })
	m.do(func() (err error) { w.Government.Unit, err = w.Units.EstablishNation(m.tx, system, since); return err })
	m.do(func() (err error) {
		w.SonLa.Committee.Unit, err = w.Units.EstablishPart(m.tx, system, w.Government.ID, orgunit.AreaOf("province:son_la"), since, "", want)
		return err
	})
	m.do(func() (err error) {
		w.ThanhHoa.Committee.Unit, err = w.Units.EstablishPart(m.tx, system, w.Government.ID, orgunit.AreaOf("province:thanh_hoa"), orgunit.Reform, "", want)
		return err
	})
	byName := map[string][]orgunit.Unit{}
	for _, day := range []civil.Date{since, orgunit.Reform} {
		m.do(func() error {
			list, err := orgunit.Below(m.tx, w.Government.ID, day)
			for _, u := range list {
				if u.Born == day {
					byName[u.Name] = append(byName[u.Name], u)
				}
			}
			return err
		})
	}
	name := func(o *Office, name string) {
		if m.err != nil {
			return
		}
		if len(byName[name]) != 1 {
			m.err = fmt.Errorf("%d units are named %q", len(byName[name]), name)
			return
		}
		o.Unit = byName[name][0]
	}
	name(&w.Labour, "Bộ Lao động - Thương binh và Xã hội")
	name(&w.EvilsBureau, "Cục Phòng, chống tệ nạn xã hội")
	name(&w.Health, "Bộ Y tế")
	name(&w.Police, "Bộ Công an")
	name(&w.Hotline, "Tổng đài điện thoại quốc gia bảo vệ trẻ em (Tổng đài 111)")
	m.do(func() (err error) {
		w.Bureau.Unit, err = w.Units.Establish(m.tx, system, orgunit.Unit{Name: "Cục Bảo trợ xã hội", Kind: orgunit.Department, Level: orgunit.Central, Sector: "social", Superior: w.Health.ID}, merged, "")
		return err
	})
	s := &w.SonLa
	name(&s.Labour, "Sở Lao động - Thương binh và Xã hội tỉnh Sơn La")
	name(&s.OfficeOf, "Văn phòng Sở")
	name(&s.Inspectorate, "Thanh tra Sở")
	name(&s.Evils, "Phòng Phòng, chống tệ nạn xã hội")
	name(&s.Welfare, "Phòng Bảo trợ xã hội và Bảo vệ chăm sóc trẻ em")
	name(&s.Centre, "Trung tâm Bảo trợ xã hội tỉnh Sơn La")
	name(&s.Health, "Sở Y tế tỉnh Sơn La")
	name(&s.Police, "Công an tỉnh Sơn La")
	name(&s.Border, "Bộ Chỉ huy Bộ đội Biên phòng tỉnh Sơn La")
	for d, place := range map[*District]string{&s.MaiSon: "huyện Mai Sơn", &s.MuongLa: "huyện Mường La"} {
		name(&d.Committee, "Ủy ban nhân dân "+place)
		name(&d.Labour, "Phòng Lao động - Thương binh và Xã hội "+place)
		name(&d.Police, "Công an "+place)
	}
	name(&s.ChiengMung, "Ủy ban nhân dân xã Chiềng Mung")
	name(&s.CoNoi, "Ủy ban nhân dân xã Cò Nòi")
	name(&s.ItOng, "Ủy ban nhân dân thị trấn Ít Ong")
	h := &w.ThanhHoa
	name(&h.Health, "Sở Y tế tỉnh Thanh Hóa")
	name(&h.Social, "Phòng Bảo trợ xã hội, trẻ em và Phòng, chống tệ nạn xã hội")
	name(&h.Centre, "Cơ sở trợ giúp xã hội tỉnh Thanh Hóa")
	name(&h.Police, "Công an tỉnh Thanh Hóa")
	name(&h.Border, "Bộ Chỉ huy Bộ đội Biên phòng tỉnh Thanh Hóa")
	for c, place := range map[*Commune]string{&h.HacThanh: "phường Hạc Thành", &h.ThoXuan: "xã Thọ Xuân", &h.MuongLat: "xã Mường Lát"} {
		name(&c.Committee, "Ủy ban nhân dân "+place)
		name(&c.Social, "Phòng Văn hóa - Xã hội "+place)
		name(&c.Police, "Công an "+place)
	}
}

func (m *maker) do(f func() error) {
	if m.err == nil {
		m.err = f()
	}
}
