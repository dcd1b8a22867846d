package demo

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"chungtay/campaign"
	"chungtay/directive"
	"chungtay/formdef"
	"chungtay/internal/blob"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/report"
	"chungtay/task"
)

// day is the story of the last Day (30/7): the ministry asks the province, the province its bodies and communes, they work and report, the
// province consolidates. Some are late, some silent, some had nothing; one report came back and one directive was replaced.
func day(ctx context.Context, p *Province) error {
	s := &story{ctx: ctx, p: p, r: rand.New(rand.NewPCG(7, 30))}
	for _, step := range []func(){s.campaigns, s.fromMinistry, s.fromProvince, s.gathered, s.fromDept, s.received, s.activities, s.work, s.sector, s.reports, s.consolidated, s.nation} {
		if step(); s.err != nil {
			return s.err
		}
	}
	return nil
}

type story struct {
	ctx      context.Context
	p        *Province
	r        *rand.Rand
	err      error
	campaign campaign.Campaign
	ministry directive.Directive
	province directive.Directive
	dept     directive.Directive
	asked    report.Asked // of the province
}

func (s *story) do(what string, f func(tx *db.Tx) error) {
	if s.err != nil {
		return
	}
	if err := s.p.Write(s.ctx, f); err != nil {
		s.err = fmt.Errorf("%s: %w", what, err)
	}
}

func (s *story) date(m time.Month, d int) civil.Date {
	return civil.Date{Year: s.p.Year, Month: m, Day: d}
}

// jobs runs what is due, so that issuing, noticing and reading have happened before the next deed.
func (s *story) jobs() {
	if s.err == nil && s.p.Work != nil {
		s.err = s.p.Work(s.ctx)
	}
}

const formOfTheDay = "ket_qua_30_7"

func (s *story) campaigns() {
	p := s.p
	p.To(time.June, 22, 8, 0)
	s.do("slogans", func(tx *db.Tx) error {
		for _, text := range []string{"Mỗi gia đình là một lá chắn trước tội phạm mua bán người", "Việc nhẹ lương cao ở xứ người: hỏi kỹ trước khi đi", "Gọi 111 khi nghi ngờ có người bị mua bán"} {
			if _, err := p.Campaigns.ApproveSlogan(tx, p.Ministry.Leader, campaign.Slogan{Unit: p.Ministry.ID, Year: p.Year, Text: text, Source: "Dữ liệu mẫu"}); err != nil {
				return err
			}
		}
		x, err := p.Campaigns.Found(tx, p.Committee.Officer, campaign.Campaign{Unit: p.Committee.ID, Title: fmt.Sprintf("Ngày toàn dân phòng, chống mua bán người 30/7 năm %d", p.Year),
			From: s.date(time.July, 1), To: s.date(time.August, 10), Theme: "Mỗi gia đình là một lá chắn"})
		if err != nil {
			return err
		}
		for _, l := range []campaign.Planned{{Kind: "loa_truyen_thanh", Quantity: 1_500, Local: 120_000_000}, {Kind: "mit_tinh", Quantity: 75, Central: 150_000_000, Local: 300_000_000, Note: "Mỗi xã, phường một cuộc; một cuộc cấp tỉnh"}, {Kind: "to_roi", Quantity: 40_000, Central: 60_000_000, Aid: 40_000_000}, {Kind: "tap_huan", Quantity: 4, Aid: 90_000_000}} {
			l.Campaign, l.Unit = x.ID, p.Committee.ID
			if err := p.Campaigns.Plan(tx, p.Committee.Officer, l); err != nil {
				return err
			}
		}
		s.campaign = x
		return nil
	})
}

// gathered names in the campaign what it carries out, once that is issued.
func (s *story) gathered() {
	s.do("campaign", func(tx *db.Tx) error {
		x := s.campaign
		x.ThemeSource = directive.KindName(s.province.Kind) + " " + s.province.Symbol
		x.Groups.V, x.Channels.V = []string{"lao_dong_tu_do", "phu_nu_dtts", "di_lam_xa", "hoc_sinh"}, []string{"truyen_thanh", "luu_dong", "truc_tiep", "truc_quan", "an_pham", "mang_xa_hoi", "truong_hoc"}
		x.Directives.V = []string{s.ministry.ID, s.province.ID}
		return s.p.Campaigns.Amend(tx, s.p.Committee.Officer, x)
	})
}

// out signs and issues a draft; an office without a clerk has its paper issued by the system's clerk of the demonstration.
func (s *story) out(o Office, id string) (d directive.Directive) {
	clerk := o.Clerk
	if clerk.Person == "" {
		clerk = system
	}
	s.do("submit a directive", func(tx *db.Tx) error { return s.p.Directives.Submit(tx, o.Officer, id, 0, o.Leader.Person) })
	s.do("sign a directive", func(tx *db.Tx) error { return s.p.Directives.Sign(tx, o.Leader, id, 0) })
	s.do("issue a directive", func(tx *db.Tx) error { _, err := s.p.Directives.Issue(tx, clerk, id); return err })
	s.jobs()
	s.do("look at a directive", func(tx *db.Tx) (err error) { d, err = s.p.Directives.Get(tx, o.Officer, id); return err })
	return d
}

func (s *story) fromMinistry() {
	p := s.p
	p.To(time.June, 22, 8, 30)
	content := directive.Content{Kind: "cong_van", Issuer: []string{"BỘ CÔNG AN"}, Tail: "BCA-CSHS", Place: "Hà Nội",
		Subject:    fmt.Sprintf("tổ chức hưởng ứng Ngày toàn dân phòng, chống mua bán người 30/7 năm %d", p.Year),
		Intro:      "Để Ngày toàn dân phòng, chống mua bán người năm nay đến được từng thôn, bản, Bộ Công an đề nghị thực hiện những nội dung sau:",
		Addressees: []string{"Ủy ban nhân dân tỉnh Sơn La"},
		Work: []directive.Duty{{Text: "Chỉ đạo các sở, ngành và xã, phường tổ chức truyền thông trực tiếp tại địa bàn biên giới, nơi nhiều người đi làm ăn xa"},
			{Text: "Rà soát nạn nhân chưa được hưởng đủ chế độ và hỗ trợ dứt điểm trong đợt cao điểm", Due: deadline.New(deadline.Until, s.date(time.August, 5))},
			{Text: "Công bố rộng rãi số 111 và đầu mối tiếp nhận tin báo của địa phương"}},
		Period:   directive.Period{From: s.date(time.July, 1), To: s.date(time.August, 10)},
		Slogans:  []string{"Mỗi gia đình là một lá chắn trước tội phạm mua bán người", "Gọi 111 khi nghi ngờ có người bị mua bán"},
		Hotlines: []string{"111"}, Report: directive.Report{Due: deadline.New(deadline.Until, s.date(time.August, 20)), Form: formOfTheDay},
		Closing: "Đề nghị các cơ quan quan tâm, chỉ đạo thực hiện./.", Recipients: []string{"Như trên", "Lưu: VT"}, Archive: "CSHS",
		Authority: []string{"KT. BỘ TRƯỞNG"}, SignerTitle: "THỨ TRƯỞNG", Signer: p.Ministry.Leader.Name}
	var d directive.Directive
	s.do("letter of the ministry", func(tx *db.Tx) (err error) {
		d, err = p.Directives.Start(tx, p.Ministry.Officer, p.Ministry.ID, content, directive.Directive{})
		return err
	})
	s.ministry = s.out(p.Ministry, d.ID)
}

func (s *story) fromProvince() {
	p := s.p
	p.To(time.June, 24, 14, 0)
	var d directive.Directive
	s.do("plan of the province", func(tx *db.Tx) error {
		made, err := p.Directives.Cascade(tx, p.Committee.Officer, s.ministry.ID, p.Committee.ID)
		if err != nil {
			return err
		}
		c := made.Content.V
		due := func(m time.Month, day int) deadline.Deadline { return deadline.New(deadline.Until, s.date(m, day)) }
		c.Addressees = []string{"Sở Y tế; Công an tỉnh; Bộ Chỉ huy Bộ đội Biên phòng tỉnh; Sở Tư pháp; Sở Văn hóa, Thể thao và Du lịch; Hội Liên hiệp Phụ nữ tỉnh", "Ủy ban nhân dân các xã, phường"}
		c.Aims = []string{"Người dân nhận ra thủ đoạn tuyển dụng lừa đảo và biết gọi ai", "Mỗi nạn nhân trên địa bàn được rà soát và hỗ trợ đúng chế độ", "Số liệu báo cáo khớp với việc đã làm ở từng nơi"}
		c.Work = []directive.Duty{
			{Text: "Phát thanh về thủ đoạn mua bán người trên loa truyền thanh ít nhất hai lần mỗi tuần", Due: due(time.July, 30)},
			{Text: "Tổ chức ít nhất một buổi nói chuyện tại bản, tổ dân phố có người đi làm ăn xa", Product: "Ảnh và số người dự", Due: due(time.July, 30)},
			{Text: "Treo băng rôn, pa nô với khẩu hiệu đã duyệt và số 111", Due: due(time.July, 10)},
			{Who: "Sở Y tế", Text: "Rà soát nạn nhân đang cư trú trên địa bàn, lập danh sách chế độ còn thiếu", Product: "Danh sách", Due: due(time.July, 20)},
			{Who: "Công an tỉnh", Text: "Nắm tình hình tuyển lao động qua mạng, thông báo thủ đoạn mới cho các xã, phường", Due: due(time.July, 15)},
			{Who: "Bộ Chỉ huy Bộ đội Biên phòng tỉnh", Text: "Tuần tra đường mòn biên giới, tiếp nhận người trở về đúng quy trình", Due: due(time.August, 5)},
			{Who: "Sở Văn hóa, Thể thao và Du lịch", Text: "Dựng tiểu phẩm bằng tiếng Thái và tiếng Mông để các xã dùng", Product: "Hai tiểu phẩm", Due: due(time.July, 5)},
			{Who: "Hội Liên hiệp Phụ nữ tỉnh", Text: "Vận động hội viên ký cam kết không tiếp tay cho kẻ mua bán người", Due: due(time.July, 30)},
		}
		c.Kind, c.Tail = "ke_hoach", "KH-UBND"
		c.Intro = strings.Replace(c.Intro, "đề nghị các đơn vị thực hiện những nội dung sau:", "ban hành Kế hoạch với những nội dung sau:", 1)
		c.Report.Due = due(time.August, 10)
		c.Signer, c.SignerTitle, c.Authority = p.Committee.Leader.Name, "PHÓ CHỦ TỊCH", []string{"TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH"}
		d, err = p.Directives.Save(tx, p.Committee.Officer, made.ID, made.Version, c)
		return err
	})
	s.do("a remark on the plan", func(tx *db.Tx) error {
		return p.Directives.Comment(tx, p.Committee.Leader, d.ID, "Hạn treo băng rôn để 10/7 cho kịp trước đợt cao điểm.")
	})
	p.To(time.June, 25, 9, 15)
	s.province = s.out(p.Committee, d.ID)
}

// fromDept passes the province's plan on inside the health sector.
func (s *story) fromDept() {
	p := s.p
	p.To(time.June, 26, 10, 0)
	var d directive.Directive
	s.do("plan of the department", func(tx *db.Tx) error {
		made, err := p.Directives.Cascade(tx, p.Dept.Officer, s.province.ID, p.Dept.ID)
		if err != nil {
			return err
		}
		c := made.Content.V
		c.Addressees = []string{"Cơ sở trợ giúp xã hội tỉnh", "Phòng Bảo trợ xã hội, trẻ em và Phòng, chống tệ nạn xã hội"}
		c.Tail = "KH-SYT"
		c.Signer, c.SignerTitle, c.Authority = p.Dept.Leader.Name, "PHÓ GIÁM ĐỐC", []string{"KT. GIÁM ĐỐC"}
		d, err = p.Directives.Save(tx, p.Dept.Officer, made.ID, made.Version, c)
		return err
	})
	p.To(time.June, 26, 14, 0)
	s.dept = s.out(p.Dept, d.ID)
}

// bodies are the province's bodies that have the plan, then the communes.
func (s *story) bodies() []Office {
	p := s.p
	return append([]Office{p.Dept, p.Police, p.Border, p.Justice, p.Culture, p.Women}, p.Communes...)
}

// received: all but five communes confirm receipt, most of them quickly.
func (s *story) received() {
	p := s.p
	at := [][2]int{{26, 15}, {27, 8}, {29, 8}, {30, 16}}
	parts := make([][]Office, len(at))
	for i, o := range s.bodies() {
		if i > 70 {
			continue
		}
		n := 0
		if i%5 == 4 {
			n = 1 + i%3
		}
		parts[n] = append(parts[n], o)
	}
	for i, when := range at {
		p.To(time.June, when[0], when[1], 20+i)
		s.do("receipt", func(tx *db.Tx) error {
			for _, o := range parts[i] {
				if err := p.Directives.Acknowledge(tx, o.Officer, s.province.ID, o.ID); err != nil {
					return fmt.Errorf("%s: %w", o.Name, err)
				}
			}
			return nil
		})
	}
}

type deed struct {
	kind     string
	title    string
	place    []string
	most     int64
	people   bool
	local    int64
	chance   float64
	partners bool
}

var deeds = []deed{
	{kind: "loa_truyen_thanh", title: "Bản tin về thủ đoạn lừa tuyển lao động", place: []string{"Cụm loa trung tâm", "Loa các bản"}, most: 8, chance: .8},
	{kind: "noi_chuyen", title: "Nói chuyện với phụ nữ và thanh niên trong bản", place: []string{"Nhà văn hóa bản", "Hội trường ủy ban", "Trường trung học cơ sở"}, most: 2, people: true, local: 2_500_000, chance: .7},
	{kind: "xe_luu_dong", title: "Xe loa qua các bản", place: []string{"Các bản dọc quốc lộ", "Chợ phiên"}, most: 3, local: 1_200_000, chance: .3},
	{kind: "bang_ron", title: "Băng rôn khẩu hiệu của đợt", place: []string{"Trục đường chính", "Cổng chợ"}, most: 6, local: 1_800_000, chance: .6},
	{kind: "to_roi", title: "Tờ rơi song ngữ", place: []string{"Phiên chợ", "Đồn biên phòng"}, most: 400, chance: .4},
	{kind: "quan_triet", title: "Quán triệt kế hoạch đến cán bộ, trưởng bản", place: []string{"Hội trường ủy ban"}, most: 1, people: true, chance: .5},
	{kind: "ky_cam_ket", title: "Ký cam kết", place: []string{"Nhà văn hóa bản"}, most: 120, people: true, chance: .25},
	{kind: "mit_tinh", title: "Mít tinh hưởng ứng ngày 30/7", place: []string{"Sân vận động xã", "Quảng trường"}, most: 1, people: true, local: 12_000_000, chance: .12, partners: true},
	{kind: "mang_xa_hoi", title: "Bài trên trang của xã", place: []string{"Trang thông tin điện tử"}, most: 5, chance: .35},
}

func (s *story) activities() {
	p := s.p
	for _, d := range []int{6, 13, 20, 27, 30} {
		p.To(time.July, d, 16, 30)
		s.do("activities", func(tx *db.Tx) error {
			for i, o := range s.bodies() {
				if i%11 == 10 {
					continue
				}
				for _, x := range deeds {
					if s.r.Float64() > x.chance || x.kind == "mit_tinh" && d != 30 || x.kind == "bang_ron" && d != 6 {
						continue
					}
					a := campaign.Activity{Unit: o.ID, Kind: x.kind, From: s.date(time.July, max(1, d-s.r.IntN(5))), Place: x.place[s.r.IntN(len(x.place))], Title: x.title, Quantity: 1 + s.r.Int64N(x.most), Local: x.local}
					if x.kind == "loa_truyen_thanh" {
						m := a.Quantity * 15
						a.Minutes = &m
					}
					if x.people && s.r.IntN(12) > 0 { // now and then nobody counted
						all := 25 + s.r.Int64N(180)
						women, minority := all*(40+s.r.Int64N(25))/100, all*(60+s.r.Int64N(35))/100
						a.People, a.Women, a.Minority = &all, &women, &minority
						if x.kind == "noi_chuyen" {
							a.Groups.V = map[string]int64{"di_lam_xa": all / 5, "phu_nu_dtts": women * 2 / 3}
						}
					}
					var partners []string
					if x.partners && i >= 6 {
						partners = []string{p.Women.ID}
					}
					made, err := p.Campaigns.Add(tx, o.Officer, a, partners)
					if err != nil {
						return fmt.Errorf("%s, %s: %w", o.Name, x.kind, err)
					}
					if len(partners) > 0 && s.r.IntN(3) > 0 {
						if err := p.Campaigns.Confirm(tx, p.Women.Officer, made.ID, p.Women.ID, true); err != nil {
							return err
						}
					}
				}
			}
			return nil
		})
		s.jobs()
	}
}

// work: most tasks are done in time; some are late, one came back, one has more time, a few were never begun.
func (s *story) work() {
	p := s.p
	type doing struct {
		o Office
		t task.Row
	}
	var all []doing
	s.do("list of tasks", func(tx *db.Tx) error {
		for _, o := range s.bodies() {
			list, _, err := p.Tasks.List(tx, o.Officer, task.Filter{Side: "ours", Directive: s.province.ID, Page: 1, Size: 50})
			if err != nil {
				return err
			}
			for _, t := range list {
				all = append(all, doing{o, t})
			}
		}
		return nil
	})
	results := []string{"Đã thực hiện đúng yêu cầu, người dân hưởng ứng tốt.", "Hoàn thành. Hai bản xa trung tâm làm sau một tuần do mưa lũ.", "Đã làm ở tất cả các bản; có sự phối hợp của bộ đội biên phòng.", "Xong. Kết quả cụ thể ghi trong nhật ký hoạt động."}
	p.To(time.July, 31, 9, 0)
	// Evidence is needed to hand a task in: the pictures are drawn, nobody is on them.
	files := map[string]blob.Ref{}
	for i, x := range all {
		if s.err != nil {
			continue
		}
		ref, err := p.Blobs.Put(s.ctx, bytes.NewReader(picture(i)), blob.PutOptions{Name: fmt.Sprintf("anh_%02d.png", i+1)})
		if err != nil {
			s.err = err
			return
		}
		files[x.t.ID] = ref
	}
	var handed []doing
	s.do("tasks in hand", func(tx *db.Tx) error {
		for i, x := range all {
			if err := func() error {
				switch {
				case i%17 == 3: // never begun
					return nil
				case i%13 == 5:
					return p.Tasks.Progress(tx, x.o.Officer, x.t.ID, "Đang làm, vướng lịch mùa vụ của bà con.")
				case i%23 == 8:
					return p.Tasks.AskMore(tx, x.o.Officer, x.t.ID, deadline.New(deadline.Until, s.date(time.August, 15)), "Đường vào bản bị sạt lở, chưa tổ chức được.")
				}
				handed = append(handed, x)
				if ref, ok := files[x.t.ID]; ok {
					if err := p.Tasks.Attach(tx, x.o.Officer, x.t.ID, []blob.Ref{ref}); err != nil {
						return err
					}
				}
				return p.Tasks.Submit(tx, x.o.Officer, x.t.ID, 0, results[s.r.IntN(len(results))])
			}(); err != nil {
				return fmt.Errorf("%s, %s: %w", x.o.Name, x.t.Text, err)
			}
		}
		return nil
	})
	p.To(time.August, 3, 10, 0)
	s.do("tasks judged", func(tx *db.Tx) error {
		for i, x := range handed {
			var err error
			switch {
			case i == 20:
				err = p.Tasks.Return(tx, p.Committee.Officer, x.t.ID, 0, "Chưa có ảnh và số người dự, đề nghị bổ sung.")
			case i%9 != 4:
				err = p.Tasks.Accept(tx, p.Committee.Officer, x.t.ID, 0, "")
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// picture draws hills under a sky, other ones for each number.
func picture(n int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 480, 320))
	for x := range 480 {
		far := 190 + 30*math.Sin(float64(x+40*n)/70)
		near := 250 + 25*math.Sin(float64(x-60*n)/45)
		for y := range 320 {
			c := color.RGBA{uint8(150 + y/4), uint8(190 + y/8), 235, 255}
			switch {
			case float64(y) > near:
				c = color.RGBA{uint8(60 + n*7%40), 120, 70, 255}
			case float64(y) > far:
				c = color.RGBA{110, 150, 120, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	png.Encode(&b, img)
	return b.Bytes()
}

var (
	praise  = []string{"Cấp ủy, chính quyền quan tâm chỉ đạo; trưởng bản và người có uy tín vào cuộc.", "Loa truyền thanh mới sửa xong nên tin bài đến được mọi bản.", "Bộ đội biên phòng và hội phụ nữ phối hợp chặt chẽ."}
	trouble = []string{"Địa bàn rộng, nhiều bản xa; thiếu tài liệu bằng tiếng dân tộc.", "Cán bộ kiêm nhiệm nhiều việc, mới nhận nhiệm vụ sau sắp xếp.", "Người đi làm ăn xa không khai báo nên khó nắm."}
	ahead   = []string{"Tiếp tục phát thanh định kỳ; rà soát người đi làm ăn xa trước Tết.", "Đưa nội dung vào sinh hoạt bản hằng tháng và trường học."}
)

// fill completes a report on a request: what the log knows is there already, then what is typed, figures nobody has are "không phát sinh",
// texts are the unit's own.
func (s *story) fill(tx *db.Tx, a report.Asked, o Office, id string, typed formdef.Values) error {
	p := s.p
	r, err := p.Reports.Start(tx, o.Officer, id)
	if err != nil {
		return err
	}
	j, err := p.Reports.Judge(tx, r, a, nil)
	if err != nil {
		return err
	}
	values, _, err := j.Form.Decode([]byte(r.Body))
	if err != nil {
		return err
	}
	maps.Copy(values, typed)
	reasons := map[string]string{}
	for at := range r.Fills.V {
		if _, other := typed[at]; other {
			reasons[at] = "Gồm cả hoạt động của đơn vị trực thuộc chưa ghi nhật ký"
		}
	}
	figures := map[string]bool{}
	for _, c := range j.Form.Figures() {
		figures[c.Address] = true
	}
	for range 4 {
		if j, err = p.Reports.Judge(tx, r, a, values); err != nil {
			return err
		}
		missing := 0
		for _, x := range j.Result.Problems {
			if x.Level != formdef.Hard || x.At == "" {
				continue
			}
			missing++
			switch {
			case figures[x.At]:
				values[x.At] = formdef.NoneValue()
			case strings.HasSuffix(x.At, "kho_khan"):
				values[x.At] = formdef.TextValue(pick(s.r, trouble))
			case strings.HasSuffix(x.At, "phuong_huong_mo_ta"):
				values[x.At] = formdef.TextValue(pick(s.r, ahead))
			default:
				values[x.At] = formdef.TextValue(pick(s.r, praise))
			}
		}
		if missing == 0 {
			break
		}
	}
	for addr, words := range map[string][]string{"kho_khan": trouble, "phuong_huong_mo_ta": ahead} {
		if _, ok := j.Form.Cell(addr); ok && s.r.IntN(3) > 0 {
			values[addr] = formdef.TextValue(pick(s.r, words))
		}
	}
	_, err = p.Reports.Save(tx, o.Officer, r.ID, r.Version, values, reasons)
	return err
}

// send fills a report and sends it, signed by the leader where the request asks for it.
func (s *story) send(what string, a report.Asked, o Office, id string, typed formdef.Values) {
	s.do(what+" of "+o.Name, func(tx *db.Tx) error {
		if err := s.fill(tx, a, o, id, typed); err != nil {
			return err
		}
		r, err := s.p.Reports.Submit(tx, o.Officer, id, 0)
		if err != nil || r.State != report.Signing {
			return err
		}
		_, err = s.p.Reports.Submit(tx, o.Leader, id, 0)
		return err
	})
}

func pick(r *rand.Rand, list []string) string { return list[r.IntN(len(list))] }

// reports: most communes send in time; two are returned, some have nothing, some are still writing, some are silent.
func (s *story) reports() {
	p := s.p
	type owed struct {
		o  Office
		id string
	}
	var list []owed
	s.do("reports owed", func(tx *db.Tx) error {
		for _, o := range s.bodies() {
			a, own, ok, err := report.OfDirective(tx, s.province.ID, []string{o.ID})
			if err != nil {
				return err
			}
			if s.asked = a; ok && len(own) > 0 {
				list = append(list, owed{o, own[0].ID})
			}
		}
		return nil
	})
	send := func(what string, x owed) { s.send(what, s.asked, x.o, x.id, nil) }
	var late, sent []owed
	for i, x := range list {
		if i%15 == 0 {
			p.To(time.August, 4+i/15, 9, 0)
		}
		switch {
		case i >= len(list)-4: // silent
		case i%19 == 7:
			s.do("draft of "+x.o.Name, func(tx *db.Tx) error { return s.fill(tx, s.asked, x.o, x.id, nil) })
		case s.asked.Signed && i%25 == 14:
			s.do("report to be signed of "+x.o.Name, func(tx *db.Tx) error {
				if err := s.fill(tx, s.asked, x.o, x.id, nil); err != nil {
					return err
				}
				_, err := p.Reports.Submit(tx, x.o.Officer, x.id, 0)
				return err
			})
		case i%21 == 11:
			s.do("nothing from "+x.o.Name, func(tx *db.Tx) error {
				if _, err := p.Reports.Start(tx, x.o.Officer, x.id); err != nil {
					return err
				}
				if _, err := p.Reports.Nothing(tx, x.o.Officer, x.id, 0); err != nil {
					return err
				}
				_, err := p.Reports.Submit(tx, x.o.Leader, x.id, 0)
				return err
			})
			sent = append(sent, x)
		case i%16 == 9:
			late = append(late, x)
		default:
			send("report", x)
			sent = append(sent, x)
		}
	}
	p.To(time.August, 13, 8, 0)
	for _, x := range late {
		send("late report", x)
	}
	sent = append(sent, late...)
	p.To(time.August, 14, 14, 0)
	s.do("reports judged", func(tx *db.Tx) error {
		for i, x := range sent {
			var err error
			switch {
			case i == 12 || i == 31:
				err = p.Reports.Return(tx, p.Committee.Officer, x.id, 1, "Số người dự cao hơn nhiều so với các xã cùng quy mô, đề nghị rà soát.", nil)
			case i%18 == 5: // not looked at yet
			default:
				err = p.Reports.Approve(tx, p.Committee.Officer, x.id, 1)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", x.o.Name, err)
			}
		}
		return nil
	})
}

// consolidated: the province reminds who is missing, freezes its figures and opens its own report to the ministry.
func (s *story) consolidated() {
	p := s.p
	p.To(time.August, 17, 9, 0)
	s.do("chase", func(tx *db.Tx) error {
		rows, _, err := p.Reports.List(tx, p.Committee.Officer, report.Filter{Request: s.asked.ID, State: "missing", Page: 1, Size: 100})
		if err != nil || len(rows) == 0 {
			return err
		}
		var units []string
		for _, r := range rows {
			units = append(units, r.Unit)
		}
		_, _, err = p.Reports.Chase(tx, p.Committee.Officer, s.asked.ID, report.Chasing{Units: units, Letter: true, Answer: s.date(time.August, 18)})
		return err
	})
	p.To(time.August, 18, 15, 0)
	s.do("consolidation", func(tx *db.Tx) error {
		_, err := p.Reports.Freeze(tx, p.Committee.Officer, s.asked.ID)
		return err
	})
}

// nation: the province's report rests on those of its bodies and goes up; the ministry approves and consolidates.
func (s *story) nation() {
	p := s.p
	a, id := s.owed(s.ministry.ID, p.Committee)
	if s.send("report", a, p.Committee, id, nil); s.err != nil {
		return
	}
	p.To(time.August, 20, 10, 0)
	s.approve(p.Ministry, a, id)
}

// owed is the report that an office owes on a directive.
func (s *story) owed(directive string, o Office) (a report.Asked, id string) {
	s.do("report owed by "+o.Name, func(tx *db.Tx) error {
		asked, own, ok, err := report.OfDirective(tx, directive, []string{o.ID})
		if err == nil && (!ok || len(own) == 0) {
			err = fmt.Errorf("no report is owed")
		}
		if err == nil {
			a, id = asked, own[0].ID
		}
		return err
	})
	return a, id
}

// approve approves reports on an office's request and freezes what they come to.
func (s *story) approve(o Office, a report.Asked, ids ...string) {
	s.do("consolidation by "+o.Name, func(tx *db.Tx) error {
		for _, id := range ids {
			if err := s.p.Reports.Approve(tx, o.Officer, id, 1); err != nil {
				return err
			}
		}
		_, err := s.p.Reports.Freeze(tx, o.Officer, a.ID)
		return err
	})
}

// sector: inside the health sector the centre reports to the department, a division of it is late; the department's own report rests on that.
func (s *story) sector() {
	p := s.p
	p.To(time.August, 3, 14, 0)
	a, id := s.owed(s.dept.ID, p.Centre)
	s.send("report", a, p.Centre, id, formdef.Values{"truc_tiep/noi_chuyen/so": formdef.IntValue(4), "truc_tiep/noi_chuyen/nguoi": formdef.IntValue(186), "truc_tiep/noi_chuyen/nu": formdef.IntValue(121), "truc_tiep/noi_chuyen/dtts": formdef.IntValue(140),
		"truc_tiep/tap_huan/so": formdef.IntValue(1), "truc_tiep/tap_huan/nguoi": formdef.IntValue(32), "truc_tiep/tap_huan/nu": formdef.IntValue(24), "truc_tiep/tap_huan/dtts": formdef.IntValue(20),
		"tiep_nhan": formdef.IntValue(7), "nn_xac_dinh": formdef.IntValue(4), "nn_nghi": formdef.IntValue(2), "nn_khong": formdef.IntValue(1), "duoc_ho_tro": formdef.IntValue(6)})
	p.To(time.August, 3, 16, 0)
	s.approve(p.Dept, a, id)
}
