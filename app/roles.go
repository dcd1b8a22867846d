package app

import (
	"maps"

	"chungtay/account"
	"chungtay/audit"
	"chungtay/campaign"
	"chungtay/directive"
	"chungtay/document"
	"chungtay/formbook"
	"chungtay/notify"
	"chungtay/orgunit"
	"chungtay/policy"
	"chungtay/report"
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
	type gives = map[policy.Permission]policy.Reach
	// What every officer of any role may do: look units up, see the papers, directives and tasks that reach the unit or the person.
	everybody := gives{
		orgunit.Read:   all,
		account.Read:   own,
		document.Read:  papers,
		directive.Read: work,
		task.Read:      work,
		formbook.Read:  all,
	}
	// One room a line, so that the lines of a role can be read beside each other.
	role := func(name string, lists ...gives) policy.Role {
		all := gives{}
		for _, l := range append([]gives{everybody}, lists...) {
			maps.Copy(all, l)
		}
		return policy.Role{Name: name, Gives: all}
	}
	// guarded roles see victims' data: they work only in a session opened with a second factor.
	guarded := func(r policy.Role) policy.Role { r.SecondFactor = true; return r }
	// staff are the roles that an administrator appoints without holding what they give (bổ nhiệm is decided on paper; this is its entry).
	staff := []string{"leader", "officer", "clerk", "case_worker", "centre_staff", "operator", "inspector", "editor"}
	return policy.NewBook(
		// Quản trị viên: people and roles of a unit and all below it; sees no victim and no report.
		policy.Role{Name: account.Administrator, Appoints: staff, Gives: gives{
			orgunit.Read: all, orgunit.Edit: down,
			account.Read: down, account.Manage: down, account.Session: down,
			Glance:        down,
			formbook.Read: all, formbook.Edit: down,
		}},
		// Quản trị hệ thống: runs the installation as a whole, which is no business of an administrator of one province.
		policy.Role{Name: SystemAdministrator, Gives: gives{
			orgunit.Read: all, Glance: all,
			SystemRead: all, SystemManage: all, notify.Deliveries: all,
			task.Manage: all,
		}},
		// Lãnh đạo: signs, reviews.
		role("leader",
			gives{account.Read: down, account.Review: down},
			gives{document.Read: papers | down},
			gives{directive.Read: down | work, directive.Write: own, directive.Sign: own, directive.Receive: work},
			gives{task.Read: down | work, task.Assign: own, task.Work: work, task.Accept: own},
			gives{campaign.Read: down | work, campaign.Log: own, campaign.Manage: own},
			gives{report.Read: down | work, report.Write: work, report.Sign: work, report.Request: own, report.Approve: own},
		),
		// Chuyên viên: writes, gives work, consolidates.
		role("officer",
			gives{account.Read: own | down},
			gives{document.Read: papers | down},
			gives{directive.Read: down | work, directive.Write: own, directive.Receive: work},
			gives{task.Read: down | work, task.Assign: own, task.Work: work, task.Accept: own},
			gives{campaign.Read: down | work, campaign.Log: own, campaign.Manage: own},
			gives{report.Read: down | work, report.Write: work, report.Request: own, report.Approve: own},
		),
		// Văn thư: registers, numbers and issues papers.
		role("clerk",
			gives{document.Register: own, document.Issue: own},
			gives{directive.Read: own | work, directive.Issue: own, directive.Receive: work},
			gives{task.Read: own | work},
			gives{campaign.Read: own, campaign.Log: own},
			gives{report.Read: own | work},
		),
		// Cán bộ phụ trách hồ sơ nạn nhân.
		guarded(role("case_worker", gives{account.Read: own | mine}, gives{task.Work: work})),
		// Nhân viên cơ sở trợ giúp xã hội.
		guarded(role("centre_staff", gives{task.Work: work})),
		// Nhân viên tổng đài.
		guarded(role("operator", gives{task.Work: work})),
		// Thanh tra.
		role("inspector", gives{task.Work: work}),
		// Biên tập viên.
		role("editor", gives{task.Work: work}),
		// Kiểm soát viên nhật ký: reads the audit log, changes nothing.
		policy.Role{Name: "auditor", Gives: gives{orgunit.Read: all, audit.Read: all, account.Read: all}},
	)
}
