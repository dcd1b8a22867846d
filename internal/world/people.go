package world

import (
	"chungtay/account"
	"chungtay/policy"
)

func (m *maker) people() {
	w := m.w
	w.Root = m.hire("quantri", "Hoàng Gia Khoa", account.Administrator, w.Government)
	w.Auditor = m.hire("kiemsoat", "Đinh Thị Vân", "auditor", w.Government)
	w.Operator = m.hire("tongdai", "Mai Thu Hằng", "operator", w.Hotline)
	w.Stranger = m.hire("khach", "Trần Văn Lạ", "", Office{})
	m.staff(&w.EvilsBureau, "cuctnxh", "Phùng Đức Thắng", "Ngô Thị Lan", "Tạ Văn Bình")
	m.staff(&w.Bureau, "cucbtxh", "Vũ Minh Quân", "Lê Thị Hòa", "Đỗ Văn Tâm")
	m.staff(&w.Police, "bca", "", "Nguyễn Văn Hùng", "")

	s := &w.SonLa
	w.Admin = m.hire("quantri.sonla", "Cầm Văn Thủy", account.Administrator, s.Committee)
	w.CaseBefore = m.hire("hoso.sonla", "Quàng Thị Mai", "case_worker", s.Labour)
	w.Inspector = m.hire("thanhtra.sonla", "Bùi Quang Huy", "inspector", s.Inspectorate)
	m.staff(&s.Committee, "ubnd.sonla", "Tòng Văn Hạnh", "Lò Thị Nga", "Hà Thị Yến")
	m.staff(&s.Labour, "sld.sonla", "Lường Văn An", "Vì Thị Bình", "Cà Thị Cát")
	m.staff(&s.Evils, "pctnxh.sonla", "Lò Văn Dũng", "Quàng Văn Giang", "")
	m.staff(&s.Police, "ca.sonla", "Trịnh Xuân Khải", "Nguyễn Thị Linh", "")
	m.staff(&s.MaiSon.Committee, "ubnd.maison", "Hoàng Văn Minh", "Lò Thị Nhung", "Vì Văn Oanh")
	m.staff(&s.MaiSon.Labour, "pld.maison", "Lường Thị Phương", "Tòng Văn Quý", "")
	m.staff(&s.MuongLa.Committee, "ubnd.muongla", "Cà Văn Sơn", "Lò Thị Thu", "Quàng Thị Út")
	m.staff(&s.MuongLa.Labour, "pld.muongla", "", "Vì Thị Xuân", "")
	m.staff(&s.ChiengMung, "chiengmung", "Lò Văn Yên", "Hoàng Thị Ánh", "")
	m.staff(&s.CoNoi, "conoi", "Tòng Thị Bích", "Lường Văn Chiến", "")
	m.staff(&s.ItOng, "itong", "", "Cầm Thị Đào", "")

	h := &w.ThanhHoa
	w.AdminNow = m.hire("quantri.thanhhoa", "Lê Văn Phúc", account.Administrator, h.Committee)
	w.CaseWorker = m.hire("hoso.thanhhoa", "Trịnh Thị Hường", "case_worker", h.Health)
	w.CentreStaff = m.hire("cstg.thanhhoa", "Hà Văn Lực", "centre_staff", h.Centre)
	w.Editor = m.hire("bientap.thanhhoa", "Phạm Thị Ngà", "editor", h.Health)
	m.staff(&h.Committee, "ubnd.thanhhoa", "Lê Đình Thọ", "Mai Văn Vinh", "Đỗ Thị Xoan")
	m.staff(&h.Health, "syt.thanhhoa", "Nguyễn Bá Cường", "Lê Thị Dung", "Hoàng Thị Ê")
	m.staff(&h.Social, "btxh.thanhhoa", "", "Cao Thị Gấm", "")
	m.staff(&h.Centre, "giamdoc.cstg", "Vũ Thị Hậu", "", "")
	m.staff(&h.Police, "ca.thanhhoa", "", "Đặng Văn Kiên", "")
	m.staff(&h.HacThanh.Committee, "hacthanh", "Nguyễn Thị Lý", "Lê Văn Mạnh", "Trần Thị Nết")
	m.staff(&h.HacThanh.Social, "vhxh.hacthanh", "", "Phạm Văn Oai", "")
	m.staff(&h.ThoXuan.Committee, "thoxuan", "Lê Bá Phong", "Hà Thị Quế", "")
	m.staff(&h.MuongLat.Committee, "muonglat", "Giàng A Sính", "Thao Thị Sua", "")
}

// staff fills the posts of an office. Sign-in names are the office's with .ld (lãnh đạo), .cv (chuyên viên), .vt (văn thư).
func (m *maker) staff(o *Office, login, leader, officer, clerk string) {
	if leader != "" {
		o.Leader = m.hire(login+".ld", leader, "leader", *o)
	}
	if officer != "" {
		o.Officer = m.hire(login+".cv", officer, "officer", *o)
	}
	if clerk != "" {
		o.Clerk = m.hire(login+".vt", clerk, "clerk", *o)
	}
}

// hire makes a person with a role in an office, as an actor whose session was opened with a second factor.
func (m *maker) hire(login, name, role string, o Office) policy.Actor {
	if m.err != nil {
		return policy.Actor{}
	}
	a := policy.Actor{SecondFactor: true}
	var roles []account.NewHolding
	if role != "" {
		h := account.NewHolding{Role: role, Unit: o.ID, Below: role == account.Administrator, From: since}
		roles, a.Unit, a.UnitName = append(roles, h), o.ID, o.Name
		a.Grants = []policy.Grant{{Role: h.Role, Unit: h.Unit, Below: h.Below, Permissions: m.w.Book.Permissions(h.Role)}}
	}
	p, err := m.w.Accounts.Enrol(m.tx, system, account.NewPerson{Name: name, Login: login, Email: login + "@chungtay.example"}, m.stored, roles...)
	m.err = err
	a.Person, a.Name = p.ID, p.Name
	m.w.People[login] = a
	return a
}
