package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"chungtay/account"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/viet"
	"chungtay/orgunit"
	"chungtay/policy"
)

// people staffs the offices: a leader, an officer and a clerk in the province's bodies and in three communes, a leader and an officer in every
// other commune, and those who have a role of their own.
func people(ctx context.Context, p *Province) error {
	var err error
	if p.stored, err = p.Accounts.Hasher.Hash(ctx, Password); err != nil {
		return err
	}
	return p.Write(ctx, func(tx *db.Tx) error {
		p.People, p.names, p.logins = nil, newNamer(), map[string]bool{}
		h := &hiring{p: p, tx: tx}
		p.Root = h.one("quantri", account.Administrator, p.Government, true)
		h.also(&p.Root, "system_administrator")
		p.Auditor = h.one("kiemsoat", "auditor", p.Government, true)
		p.Operator = h.one("tongdai", "operator", p.Hotline, true)
		h.staff(&p.Health, "byt", true, false)
		h.staff(&p.Ministry, "bca", true, false)
		p.Admin = h.one("quantri.sonla", account.Administrator, p.Committee, true)
		h.staff(&p.Committee, "ubnd", true, true)
		h.staff(&p.Dept, "syt", true, true)
		h.staff(&p.Social, "btxh", false, false)
		h.staff(&p.Centre, "cstg", true, false)
		h.staff(&p.Police, "catinh", true, false)
		h.staff(&p.Border, "bienphong", true, false)
		h.staff(&p.Justice, "stp", true, false)
		h.staff(&p.Culture, "vhttdl", true, false)
		h.staff(&p.Women, "phunu", true, false)
		p.CaseWorker = h.one("hoso", "case_worker", p.Dept, true)
		h.one("nhanvien.cstg", "centre_staff", p.Centre, true)
		p.Inspector = h.one("thanhtra", "inspector", p.Dept, true)
		p.Editor = h.one("bientap", "editor", p.Dept, true)
		for i := range p.Communes {
			c := &p.Communes[i]
			h.staff(c, strings.ReplaceAll(viet.Fold(bare(c.Name)), " ", ""), true, i < 3)
			if i == 0 {
				h.show(3)
			}
		}
		return h.err
	})
}

// hiring enrols people in one transaction; after the first failure it does nothing more.
type hiring struct {
	p   *Province
	tx  *db.Tx
	err error
}

// staff fills the posts of an office. Sign-in names are the office's with .ld (lãnh đạo), .cv (chuyên viên), .vt (văn thư).
func (h *hiring) staff(o *Office, login string, leader, clerk bool) {
	shown := o.Level == orgunit.Province
	if leader {
		o.Leader = h.one(login+".ld", "leader", *o, shown && clerk)
	}
	o.Officer = h.one(login+".cv", "officer", *o, shown && clerk)
	if clerk {
		o.Clerk = h.one(login+".vt", "clerk", *o, shown)
	}
}

// show presents the last n people.
func (h *hiring) show(n int) {
	for i := max(0, len(h.p.People)-n); i < len(h.p.People); i++ {
		h.p.People[i].Shown = true
	}
}

func (h *hiring) one(login, role string, o Office, shown bool) policy.Actor {
	if h.err != nil {
		return policy.Actor{}
	}
	p := h.p
	for n := 2; p.logins[login]; n++ {
		head, tail, _ := strings.Cut(login, ".")
		login = fmt.Sprintf("%s%d.%s", strings.TrimRight(head, "0123456789"), n, tail)
	}
	p.logins[login] = true
	name := p.names.next()
	hold := account.NewHolding{Role: role, Unit: o.ID, Below: role == account.Administrator, From: civil.Of(p.Clock.now)}
	who, err := p.Accounts.Enrol(h.tx, system, account.NewPerson{Name: name, Login: login, Email: login + "@chungtay.example"}, p.stored, hold)
	if err != nil {
		h.err = fmt.Errorf("enrol %s: %w", login, err)
		return policy.Actor{}
	}
	p.People = append(p.People, Person{Login: login, Name: name, Role: role, Unit: o.Name, Shown: shown})
	return policy.Actor{Person: who.ID, Name: name, Unit: o.ID, UnitName: o.Name, SecondFactor: true,
		Grants: []policy.Grant{{Role: role, Unit: o.ID, Below: hold.Below, Permissions: p.Book.Permissions(role)}}}
}

// also gives somebody a second role in the same unit.
func (h *hiring) also(a *policy.Actor, role string) {
	if h.err != nil {
		return
	}
	_, h.err = h.p.Accounts.Give(h.tx, system, account.NewHolding{Person: a.Person, Role: role, Unit: a.Unit, Below: true, From: civil.Date{Year: h.p.Year, Month: 1, Day: 2}})
	a.Grants = append(a.Grants, policy.Grant{Role: role, Unit: a.Unit, Below: true, Permissions: h.p.Book.Permissions(role)})
}

// namer puts together names that are common in Sơn La, the same ones each time, none twice.
type namer struct {
	r    *rand.Rand
	used map[string]bool
}

func newNamer() *namer { return &namer{rand.New(rand.NewPCG(30, 7)), map[string]bool{}} }

var (
	families = strings.Fields("Lò Quàng Cà Tòng Lường Vì Cầm Hoàng Hà Bạc Điêu Giàng Mùa Sồng Vàng Thào Nguyễn Trần Lê Phạm Bùi Đinh Đặng Ngô")
	men      = strings.Fields("An Biên Chung Dũng Đại Hải Hưng Khánh Kiên Lâm Long Minh Nam Nghĩa Phong Quân Sơn Tâm Thái Thịnh Toàn Trung Tú Việt")
	women    = strings.Fields("Ánh Bình Chi Diệp Đào Hạnh Hoa Huệ Hương Khuyên Lan Liên Mai Nga Ngân Nhung Phương Quyên Thắm Thảo Thu Trang Xuân Yến")
)

func (n *namer) next() string {
	for {
		name := families[n.r.IntN(len(families))]
		if n.r.IntN(2) == 0 {
			name += " Văn " + men[n.r.IntN(len(men))]
		} else {
			name += " Thị " + women[n.r.IntN(len(women))]
		}
		if !n.used[name] {
			n.used[name] = true
			return name
		}
	}
}
