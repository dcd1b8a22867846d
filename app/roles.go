package app

import (
	"chungtay/account"
	"chungtay/audit"
	"chungtay/directive"
	"chungtay/document"
	"chungtay/orgunit"
	"chungtay/policy"
	"chungtay/task"
)

// The roles of the system: who may do what to which records. This file is the one place where it is decided; rooms only declare what
// there is to decide. A role is held in a unit (phân công tại đơn vị); "Below" means the unit and every unit under it.
//
// The vocabulary follows the staffing of the agencies in QĐ 491/QĐ-TTg and Nghị định 30/2020/NĐ-CP: thủ trưởng (leader, who signs),
// chuyên viên (officer), văn thư (clerk).
func Roles() policy.Book {
	const (
		own    = policy.Own
		down   = policy.Below
		mine   = policy.Mine
		papers = own | policy.Addressed | policy.Assigned // of the unit, sent to it, or passed on to the person
		all    = policy.All
		work   = policy.Addressed | policy.Assigned // given to the unit or to the person
	)
	return policy.NewBook(
		// Quản trị viên: people and roles of a unit and all below it; sees no victim and no report.
		policy.Role{Name: account.Administrator, Gives: map[policy.Permission]policy.Reach{
			orgunit.Read: all, account.Read: down, account.Manage: down, account.Session: down, orgunit.Edit: down, SystemRead: all, SystemManage: all,
			task.Manage: all}},
		// Lãnh đạo: signs and issues.
		policy.Role{Name: "leader", Gives: map[policy.Permission]policy.Reach{account.Review: down, orgunit.Read: all, account.Read: down, document.Read: papers | down,
			task.Read: down | work, task.Assign: own, task.Work: work, task.Accept: own}},
		policy.Role{Name: "leader", Gives: map[policy.Permission]policy.Reach{orgunit.Read: all, account.Read: down, document.Read: papers | down,
			task.Read: down | work, task.Assign: own, task.Work: work, task.Accept: own,
			directive.Read: down | work, directive.Write: own, directive.Sign: own, directive.Receive: work}},
		// Chuyên viên: writes, gives work, consolidates.
		policy.Role{Name: "officer", Gives: map[policy.Permission]policy.Reach{orgunit.Read: all, account.Read: own | down, document.Read: papers | down,
			task.Read: down | work, task.Assign: own, task.Work: work, task.Accept: own,
			directive.Read: down | work, directive.Write: own, directive.Receive: work}},
		// Văn thư: registers and numbers papers.
		policy.Role{Name: "clerk", Gives: map[policy.Permission]policy.Reach{orgunit.Read: all, account.Read: own, document.Read: papers, document.Register: own, document.Issue: own,
			task.Read:      own | work,
			directive.Read: own | work, directive.Issue: own, directive.Receive: work}},
		// Cán bộ phụ trách hồ sơ nạn nhân.
		policy.Role{Name: "case_worker", SecondFactor: true, Gives: map[policy.Permission]policy.Reach{orgunit.Read: all, account.Read: own | mine, document.Read: papers, task.Read: work, task.Work: work, directive.Read: work}},
		// Nhân viên cơ sở trợ giúp xã hội.
		policy.Role{Name: "centre_staff", SecondFactor: true, Gives: map[policy.Permission]policy.Reach{orgunit.Read: all, account.Read: own, document.Read: papers, task.Read: work, task.Work: work, directive.Read: work}},
		// Nhân viên tổng đài.
		policy.Role{Name: "operator", SecondFactor: true, Gives: map[policy.Permission]policy.Reach{orgunit.Read: all, account.Read: own, document.Read: papers, task.Read: work, task.Work: work, directive.Read: work}},
		// Thanh tra.
		policy.Role{Name: "inspector", Gives: map[policy.Permission]policy.Reach{orgunit.Read: all, account.Read: own, document.Read: papers, task.Read: work, task.Work: work, directive.Read: work}},
		// Biên tập viên.
		policy.Role{Name: "editor", Gives: map[policy.Permission]policy.Reach{orgunit.Read: all, account.Read: own, document.Read: papers, task.Read: work, task.Work: work, directive.Read: work}},
		// Kiểm soát viên nhật ký: reads the audit log, changes nothing.
		policy.Role{Name: "auditor", Gives: map[policy.Permission]policy.Reach{orgunit.Read: all, audit.Read: all, account.Read: all}},
	)
}
