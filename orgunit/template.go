package orgunit

import (
	"fmt"
	"strconv"
	"strings"

	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/errs"
	"chungtay/internal/ids"
	"chungtay/policy"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Reform is the first day of the two-level administration.
var Reform = civil.MustParse("2025-07-01")

// sketch is a unit of a template; names hold {A} for the area's name inside a sentence ("tỉnh Sơn La") and {a} for the bare name.
type sketch struct {
	name     string
	kind     Kind
	sector   string
	internal bool
	under    []sketch
	doubt    string // what of it was not verified: said in the unit's history
}

// border is why the border guard's name of the second era is in doubt: that the provincial commands were put under the military ones on
// 01/3/2025 is reported, the decision itself was not at hand.
const border = "Chưa xác minh: từ 01/3/2025 có thể là Ban Chỉ huy Bộ đội Biên phòng, thuộc Bộ Chỉ huy Quân sự. Đối chiếu quyết định rồi đổi tên, chuyển cơ quan quản lý nếu cần."

// provinceBefore is a province's standard set until 30/6/2025: Sở LĐTBXH leads the work, each district has its Phòng LĐTBXH.
var provinceBefore = []sketch{
	{name: "Sở Lao động - Thương binh và Xã hội {A}", kind: ProvDept, sector: "labour", under: []sketch{
		{name: "Văn phòng Sở", kind: Office, internal: true}, {name: "Thanh tra Sở", kind: Inspectorate, internal: true},
		{name: "Phòng Phòng, chống tệ nạn xã hội", kind: Division, sector: "social_evils", internal: true},
		{name: "Phòng Bảo trợ xã hội và Bảo vệ chăm sóc trẻ em", kind: Division, sector: "social", internal: true},
		{name: "Trung tâm Bảo trợ xã hội {A}", kind: Centre, sector: "social"}}},
	{name: "Sở Y tế {A}", kind: ProvDept, sector: "health", under: []sketch{
		{name: "Văn phòng Sở Y tế", kind: Office, internal: true}, {name: "Bệnh viện Đa khoa {A}", kind: Hospital, sector: "health"}, {name: "Trung tâm Kiểm soát bệnh tật {A}", kind: Hospital, sector: "health"}}},
	{name: "Công an {A}", kind: Police, sector: "police"},
	{name: "Bộ Chỉ huy Bộ đội Biên phòng {A}", kind: BorderGuard, sector: "border"},
	{name: "Sở Tư pháp {A}", kind: ProvDept, sector: "justice"}, {name: "Sở Giáo dục và Đào tạo {A}", kind: ProvDept, sector: "education"},
	{name: "Sở Văn hóa, Thể thao và Du lịch {A}", kind: ProvDept, sector: "culture"}, {name: "Sở Thông tin và Truyền thông {A}", kind: ProvDept, sector: "information"},
	{name: "Sở Tài chính {A}", kind: ProvDept, sector: "finance"}, {name: "Sở Công Thương {A}", kind: ProvDept, sector: "trade"}, {name: "Sở Nội vụ {A}", kind: ProvDept, sector: "interior"}, {name: "Sở Ngoại vụ {A}", kind: ProvDept, sector: "foreign"},
	{name: "Sở Kế hoạch và Đầu tư {A}", kind: ProvDept, sector: "finance"}, {name: "Sở Nông nghiệp và Phát triển nông thôn {A}", kind: ProvDept, sector: "agriculture"},
	{name: "Ban Dân tộc {A}", kind: ProvDept, sector: "ethnic"}, {name: "Văn phòng Ủy ban nhân dân {A}", kind: Office, sector: "general"},
	{name: "Bộ Chỉ huy Quân sự {A}", kind: OtherKind, sector: "defence"},
	{name: "Tòa án nhân dân {A}", kind: Court, sector: "justice"}, {name: "Viện kiểm sát nhân dân {A}", kind: Court, sector: "justice"},
	{name: "Ban Chỉ đạo phòng, chống tội phạm, tệ nạn xã hội và xây dựng phong trào toàn dân bảo vệ an ninh Tổ quốc {A} (Ban Chỉ đạo 138)", kind: Steering, sector: "police"},
	{name: "Hội Liên hiệp Phụ nữ {A}", kind: Association, sector: "women"}, {name: "Đoàn Thanh niên Cộng sản Hồ Chí Minh {A}", kind: Union, sector: "youth"},
	{name: "Hội Nông dân {A}", kind: Association, sector: "agriculture"}, {name: "Hội Cựu chiến binh {A}", kind: Association, sector: "front"}, {name: "Liên đoàn Lao động {A}", kind: Union, sector: "labour"},
	{name: "Ủy ban Mặt trận Tổ quốc Việt Nam {A}", kind: Union, sector: "front"}, {name: "Đài Phát thanh và Truyền hình {A}", kind: Broadcaster, sector: "information"}, {name: "Báo {a}", kind: Broadcaster, sector: "information"},
}

var districtBefore = []sketch{
	{name: "Phòng Lao động - Thương binh và Xã hội {A}", kind: Division, sector: "labour"},
	{name: "Phòng Y tế {A}", kind: Division, sector: "health"}, {name: "Công an {A}", kind: Police, sector: "police"},
}

// provinceNow is the set since 01/7/2025: Sở Y tế leads for victims, Công an tỉnh for the programme; communes have their Phòng Văn hóa - Xã hội.
var provinceNow = []sketch{
	{name: "Sở Y tế {A}", kind: ProvDept, sector: "health", under: []sketch{
		{name: "Văn phòng Sở Y tế", kind: Office, internal: true}, {name: "Thanh tra Sở Y tế", kind: Inspectorate, internal: true},
		{name: "Phòng Bảo trợ xã hội, trẻ em và Phòng, chống tệ nạn xã hội", kind: Division, sector: "social", internal: true},
		{name: "Cơ sở trợ giúp xã hội {A}", kind: Centre, sector: "social"}, {name: "Bệnh viện Đa khoa {A}", kind: Hospital, sector: "health"}}},
	{name: "Công an {A}", kind: Police, sector: "police"},
	{name: "Bộ Chỉ huy Bộ đội Biên phòng {A}", kind: BorderGuard, sector: "border", doubt: border},
	{name: "Sở Tư pháp {A}", kind: ProvDept, sector: "justice"}, {name: "Sở Giáo dục và Đào tạo {A}", kind: ProvDept, sector: "education"},
	{name: "Sở Văn hóa, Thể thao và Du lịch {A}", kind: ProvDept, sector: "culture"}, {name: "Sở Khoa học và Công nghệ {A}", kind: ProvDept, sector: "information"},
	{name: "Sở Nội vụ {A}", kind: ProvDept, sector: "interior"}, {name: "Sở Tài chính {A}", kind: ProvDept, sector: "finance"}, {name: "Sở Công Thương {A}", kind: ProvDept, sector: "trade"}, {name: "Sở Ngoại vụ {A}", kind: ProvDept, sector: "foreign"},
	{name: "Sở Nông nghiệp và Môi trường {A}", kind: ProvDept, sector: "agriculture"}, {name: "Sở Dân tộc và Tôn giáo {A}", kind: ProvDept, sector: "ethnic"},
	{name: "Văn phòng Ủy ban nhân dân {A}", kind: Office, sector: "general"}, {name: "Bộ Chỉ huy Quân sự {A}", kind: OtherKind, sector: "defence"},
	{name: "Tòa án nhân dân {A}", kind: Court, sector: "justice"}, {name: "Viện kiểm sát nhân dân {A}", kind: Court, sector: "justice"},
	{name: "Ban Chỉ đạo phòng, chống tội phạm, tệ nạn xã hội và xây dựng phong trào toàn dân bảo vệ an ninh Tổ quốc {A} (Ban Chỉ đạo 138)", kind: Steering, sector: "police"},
	{name: "Hội Liên hiệp Phụ nữ {A}", kind: Association, sector: "women"}, {name: "Đoàn Thanh niên Cộng sản Hồ Chí Minh {A}", kind: Union, sector: "youth"},
	{name: "Hội Nông dân {A}", kind: Association, sector: "agriculture"}, {name: "Hội Cựu chiến binh {A}", kind: Association, sector: "front"}, {name: "Liên đoàn Lao động {A}", kind: Union, sector: "labour"},
	{name: "Ủy ban Mặt trận Tổ quốc Việt Nam {A}", kind: Union, sector: "front"}, {name: "Báo và Phát thanh, Truyền hình {A}", kind: Broadcaster, sector: "information"},
}

var communeNow = []sketch{{name: "Phòng Văn hóa - Xã hội {A}", kind: Division, sector: "social", internal: true}, {name: "Công an {A}", kind: Police, sector: "police"}}

// nation is the centre: what directs and receives reports.
func nation(on civil.Date) []sketch {
	out := []sketch{{name: "Văn phòng Chính phủ", kind: Office, sector: "general"}, {name: "Bộ Công an", kind: Ministry, sector: "police"}, {name: "Bộ Quốc phòng", kind: Ministry, sector: "border", under: []sketch{{name: "Bộ Tư lệnh Bộ đội Biên phòng", kind: BorderGuard, sector: "border"}}},
		{name: "Bộ Tư pháp", kind: Ministry, sector: "justice"}, {name: "Bộ Ngoại giao", kind: Ministry, sector: "foreign"}, {name: "Bộ Nội vụ", kind: Ministry, sector: "interior"},
		{name: "Trung ương Hội Liên hiệp Phụ nữ Việt Nam", kind: Association, sector: "women"},
		{name: "Ban Chỉ đạo phòng, chống tội phạm của Chính phủ (Ban Chỉ đạo 138/CP)", kind: Steering, sector: "police"}}
	if on.Before(civil.MustParse("2025-03-01")) {
		return append(out, sketch{name: "Bộ Lao động - Thương binh và Xã hội", kind: Ministry, sector: "labour", under: []sketch{
			{name: "Cục Phòng, chống tệ nạn xã hội", kind: Department, sector: "social_evils"}, {name: "Cục Trẻ em", kind: Department, sector: "social", under: []sketch{
				{name: "Tổng đài điện thoại quốc gia bảo vệ trẻ em (Tổng đài 111)", kind: Hotline, sector: "social"}}}}}, sketch{name: "Bộ Y tế", kind: Ministry, sector: "health"})
	}
	return append(out, sketch{name: "Bộ Y tế", kind: Ministry, sector: "health", under: []sketch{
		{name: "Tổng đài điện thoại quốc gia bảo vệ trẻ em (Tổng đài 111)", kind: Hotline, sector: "social"}}})
}

// EstablishNation makes the centre on a day: Chính phủ with its ministries. It is done once for an installation, by the program.
func (c *Units) EstablishNation(tx *db.Tx, by policy.Actor, on civil.Date) (Unit, error) {
	rs, err := roots(tx, on)
	if err != nil {
		return Unit{}, err
	}
	for _, r := range rs {
		if r.Kind == Government {
			return r, nil
		}
	}
	b := newBuilder(c, tx, by, on, "")
	top := b.unit(Unit{Name: "Chính phủ", Kind: Government, Level: Central, Sector: "general"})
	for _, s := range nation(on) {
		b.sketch(s, top, Central, Area{})
	}
	return top, b.finish()
}

// EstablishProvince makes a province's standard set of units on a day in one step (thiết lập theo mẫu): its UBND with the Sở and their
// divisions, the districts and communes of the era. It is refused when the province has units already.
func (c *Units) EstablishProvince(tx *db.Tx, by policy.Actor, superior, area string, on civil.Date, basis string) (Unit, error) {
	return c.EstablishPart(tx, by, superior, area, on, basis, func(Area) bool { return true })
}

// EstablishPart is EstablishProvince with only the districts and communes that are wanted.
func (c *Units) EstablishPart(tx *db.Tx, by policy.Actor, superior, area string, on civil.Date, basis string, wanted func(Area) bool) (Unit, error) {
	if superior != "" {
		if err := c.may(tx, by, superior); err != nil {
			return Unit{}, err
		}
	} else if !by.IsSystem() {
		return Unit{}, errs.AtField("superior", "orgunit.need_superior")
	}
	p, err := AreaOn(tx, area, on)
	if err != nil {
		return Unit{}, err
	}
	if p.Level != Province {
		return Unit{}, errs.AtField("area", "orgunit.need_province")
	}
	taken, err := committeeThere(tx, area, on)
	if err != nil {
		return Unit{}, err
	}
	if taken {
		return Unit{}, errs.New(errs.Conflict, "orgunit.province_there", p.Name)
	}
	b := newBuilder(c, tx, by, on, basis)
	top := b.unit(Unit{Name: "Ủy ban nhân dân " + p.Lower(), Kind: PeoplesComm, Level: Province, Sector: "general", Superior: superior, Area: area, Code: ""})
	before := on.Before(Reform)
	set := provinceNow
	if before {
		set = provinceBefore
	}
	for _, s := range set {
		b.sketch(s, top, Province, p)
	}
	areas, err := Areas(tx, area, on)
	if err != nil {
		return Unit{}, err
	}
	for _, a := range areas {
		if !wanted(a) {
			continue
		}
		switch a.Level {
		case District:
			d := b.unit(Unit{Name: "Ủy ban nhân dân " + a.Lower(), Kind: PeoplesComm, Level: District, Sector: "general", Superior: top.ID, Area: a.ID})
			for _, s := range districtBefore {
				b.sketch(s, d, District, a)
			}
			communes, err := Areas(tx, a.ID, on)
			if err != nil {
				return Unit{}, err
			}
			for _, x := range communes {
				if !wanted(x) {
					continue
				}
				b.unit(Unit{Name: "Ủy ban nhân dân " + x.Lower(), Kind: PeoplesComm, Level: Commune, Sector: "general", Superior: d.ID, Area: x.ID})
			}
		case Commune:
			u := b.unit(Unit{Name: "Ủy ban nhân dân " + a.Lower(), Kind: PeoplesComm, Level: Commune, Sector: "general", Superior: top.ID, Area: a.ID})
			for _, s := range communeNow {
				b.sketch(s, u, Commune, a)
			}
		}
	}
	return top, b.finish()
}

// builder makes many units in one event, with a statement for every two hundred rows.
type builder struct {
	c     *Units
	tx    *db.Tx
	by    policy.Actor
	on    civil.Date
	basis string
	made  []Unit
	doubt map[string]string   // of units made, by identifier
	above map[string][]string // of the units made and of those they are put under, the nearest first
	err   error
}

func newBuilder(c *Units, tx *db.Tx, by policy.Actor, on civil.Date, basis string) *builder {
	return &builder{c: c, tx: tx, by: by, on: on, basis: basis, doubt: map[string]string{}, above: map[string][]string{}}
}

func (b *builder) unit(u Unit) Unit {
	if b.err != nil {
		return u
	}
	tidy(&u)
	u.ID, u.VersionID, u.Born, u.From, u.Version = ids.New(b.tx.Now), ids.New(b.tx.Now), b.on, b.on, 1
	b.err = b.add(u)
	return u
}

func (b *builder) add(u Unit) error {
	var line []string
	if u.Superior != "" {
		up, known := b.above[u.Superior]
		if !known {
			var err error
			if up, err = Above(b.tx, u.Superior); err != nil {
				return err
			}
			b.above[u.Superior] = up
		}
		line = append([]string{u.Superior}, up...)
	}
	b.above[u.ID], b.made = line, append(b.made, u)
	return nil
}

func (b *builder) sketch(s sketch, superior Unit, level Level, a Area) {
	u := b.unit(Unit{Name: fill(s.name, a), Kind: s.kind, Level: level, Sector: or(s.sector, superior.Sector), Internal: s.internal, Superior: superior.ID, Area: a.ID})
	if s.doubt != "" {
		b.doubt[u.ID] = s.doubt
	}
	for _, x := range s.under {
		b.sketch(x, u, level, a)
	}
}

func (b *builder) finish() error {
	if b.err == nil {
		b.err = insertMany(b.tx, b.made, b.above)
	}
	if b.err != nil {
		return b.err
	}
	var parts []EventPart
	for _, u := range b.made {
		part := EventPart{To: u.ID, Extent: Whole}
		if b.doubt[u.ID] == "" {
			parts = append(parts, part)
		} else if _, err := insertEvent(b.tx, Event{Kind: Template, On: b.on, Basis: b.basis, Note: b.doubt[u.ID], Person: b.by.Person}, part); err != nil {
			return err
		}
	}
	e, err := insertEvent(b.tx, Event{Kind: Template, On: b.on, Basis: b.basis, Person: b.by.Person}, parts...)
	if err != nil {
		return err
	}
	return audit.Log(b.tx, b.by, audit.By(Edit, b.made[0].Superior), audit.Deed{Action: "orgunit.template", Kind: "orgunit", ID: b.made[0].ID, Purpose: b.basis, Change: audit.Change{"event": {"", e.ID}, "units": {"", fmt.Sprint(len(b.made))}}})
}

// fill puts an area's name into a template.
func fill(name string, a Area) string {
	if a.Name == "" {
		return name
	}
	return strings.NewReplacer("{A}", a.Lower(), "{a}", a.Bare()).Replace(name)
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
