package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/viet"
	"chungtay/orgunit"
)

// units makes the centre and the province by the templates of orgunit, and finds the offices the story is about.
func units(ctx context.Context, p *Province) error {
	return p.Write(ctx, func(tx *db.Tx) error {
		top, err := p.Units.EstablishNation(tx, system, orgunit.Reform)
		if err != nil {
			return err
		}
		p.Government.Unit = top
		if p.Committee.Unit, err = p.Units.EstablishProvince(tx, system, top.ID, orgunit.AreaOf("province:son_la"), orgunit.Reform, ""); err != nil {
			return err
		}
		all, err := orgunit.Below(tx, top.ID, civil.Of(tx.Now))
		if err != nil {
			return err
		}
		byName := map[string]orgunit.Unit{}
		p.Communes = nil
		for _, u := range all {
			byName[u.Name] = u
			if u.Level == orgunit.Commune && u.Kind == orgunit.PeoplesComm {
				p.Communes = append(p.Communes, Office{Unit: u})
			}
		}
		slices.SortFunc(p.Communes, func(a, b Office) int { return viet.Compare(bare(a.Name), bare(b.Name)) })
		for name, o := range map[string]*Office{
			"Bộ Y tế": &p.Health, "Tổng đài điện thoại quốc gia bảo vệ trẻ em (Tổng đài 111)": &p.Hotline, "Bộ Công an": &p.Ministry, "Sở Y tế tỉnh Sơn La": &p.Dept, "Cơ sở trợ giúp xã hội tỉnh Sơn La": &p.Centre,
			"Phòng Bảo trợ xã hội, trẻ em và Phòng, chống tệ nạn xã hội": &p.Social, "Công an tỉnh Sơn La": &p.Police,
			"Bộ Chỉ huy Bộ đội Biên phòng tỉnh Sơn La": &p.Border, "Sở Tư pháp tỉnh Sơn La": &p.Justice,
			"Sở Văn hóa, Thể thao và Du lịch tỉnh Sơn La": &p.Culture, "Hội Liên hiệp Phụ nữ tỉnh Sơn La": &p.Women,
		} {
			u, ok := byName[name]
			if !ok {
				return fmt.Errorf("the template has no %q", name)
			}
			o.Unit = u
		}
		return nil
	})
}

// bare is the name of a commune's committee without the words every one has.
func bare(name string) string {
	for _, head := range []string{"Ủy ban nhân dân xã ", "Ủy ban nhân dân phường "} {
		if rest, ok := strings.CutPrefix(name, head); ok {
			return rest
		}
	}
	return name
}
