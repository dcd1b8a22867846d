package demo

import (
	"context"
	"strings"

	"chungtay/internal/blob"
	"chungtay/internal/db"
	"chungtay/internal/deadline"
	"chungtay/policy"
	"chungtay/task"
)

// work is what the offices are busy with on the day the demonstration is built: some of it late, some due today, some handed in.
func work(ctx context.Context, p *Province) error {
	due := func(days int) deadline.Deadline { return deadline.New(deadline.Until, p.Today().AddDays(days)) }
	assign := func(by policy.Actor, issuer Office, n task.New, to ...Office) (out []string, err error) {
		n.Issuer = issuer.ID
		for _, o := range to {
			n.Units = append(n.Units, o.ID)
		}
		err = p.Write(ctx, func(tx *db.Tx) error { out, err = p.Tasks.Assign(tx, by, n); return err })
		return out, err
	}
	on := func(by policy.Actor, id string, f func(tx *db.Tx, t task.Task) error) error {
		return p.Write(ctx, func(tx *db.Tx) error {
			t, err := p.Tasks.Get(tx, by, id)
			if err != nil {
				return err
			}
			return f(tx, t)
		})
	}
	hand := func(o Office, id, text string) error {
		paper, err := p.Blobs.Put(ctx, strings.NewReader("Danh sách cử đi tập huấn\n"+o.Name+"\n"+text+"\n"), blob.PutOptions{Name: "Danh sách cử đi.txt"})
		if err != nil {
			return err
		}
		if err := on(o.Officer, id, func(tx *db.Tx, t task.Task) error { return p.Tasks.Attach(tx, o.Officer, id, []blob.Ref{paper}) }); err != nil {
			return err
		}
		return on(o.Officer, id, func(tx *db.Tx, t task.Task) error { return p.Tasks.Submit(tx, o.Officer, id, t.Version, text) })
	}

	p.Ago(12, 8, 30)
	late, err := assign(p.Committee.Leader, p.Committee, task.New{Text: "Rà soát người đi lao động nước ngoài về địa phương trong năm, lập danh sách cần hỗ trợ.", Product: "Danh sách theo mẫu", Due: due(-2)}, p.Dept, p.Police)
	if err != nil {
		return err
	}
	if _, err := assign(p.Committee.Leader, p.Committee, task.New{Text: "Góp ý dự thảo quy chế phối hợp tiếp nhận, xác minh, hỗ trợ nạn nhân bị mua bán.", Product: "Công văn góp ý", Due: due(0)}, p.Dept, p.Police, p.Border, p.Justice); err != nil {
		return err
	}
	if _, err := assign(p.Committee.Leader, p.Committee, task.New{Text: "Kiểm tra cơ sở trợ giúp xã hội về điều kiện tiếp nhận nạn nhân.", Product: "Biên bản kiểm tra", Due: due(4)}, p.Dept); err != nil {
		return err
	}
	p.Ago(9, 9, 10)
	communes, err := assign(p.Dept.Leader, p.Dept, task.New{Text: "Cử cán bộ dự tập huấn tiếp nhận, hỗ trợ ban đầu nạn nhân bị mua bán.", Product: "Danh sách cử đi", Due: due(1)}, p.Communes[:12]...)
	if err != nil {
		return err
	}
	if _, err := assign(p.Dept.Leader, p.Dept, task.New{Text: "Cập nhật số điện thoại trực và thông tin tổng đài 111 trên bảng tin bản, tổ dân phố.", Product: "Ảnh bảng tin", Due: due(12)}, p.Communes[:12]...); err != nil {
		return err
	}
	p.Ago(4, 14, 20)
	for i, text := range []string{"Cử 1 cán bộ Phòng Văn hóa - Xã hội.", "Cử 2 cán bộ, trong đó 1 công an xã.", "Chưa có cán bộ phù hợp."} {
		if err := hand(p.Communes[i], communes[i], text); err != nil {
			return err
		}
	}
	p.Ago(3, 10, 5)
	if err := on(p.Dept.Leader, communes[0], func(tx *db.Tx, t task.Task) error {
		return p.Tasks.Accept(tx, p.Dept.Leader, t.ID, t.Version, "")
	}); err != nil {
		return err
	}
	if err := on(p.Dept.Leader, communes[2], func(tx *db.Tx, t task.Task) error {
		return p.Tasks.Return(tx, p.Dept.Leader, t.ID, t.Version, "Cử công chức phụ trách văn hóa - xã hội; mỗi xã ít nhất một người.")
	}); err != nil {
		return err
	}
	p.Ago(3, 15, 0)
	return on(p.Police.Officer, late[1], func(tx *db.Tx, t task.Task) error {
		if err := p.Tasks.Start(tx, p.Police.Officer, t.ID); err != nil {
			return err
		}
		return p.Tasks.AskMore(tx, p.Police.Officer, t.ID, deadline.New(deadline.Until, p.Today().AddDays(5)), "Hai xã vùng cao chưa rà soát xong do mưa lũ.")
	})
}
