package task

import (
	"chungtay/audit"
	"chungtay/internal/civil"
	"chungtay/internal/db"
	"chungtay/policy"
)

func saveHolidayBy(tx *db.Tx, by policy.Actor, h Holiday) error {
	if err := saveHoliday(tx, h); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Manage), audit.Deed{Action: "task.holiday", Kind: "task_holiday", ID: h.Day.String(), Change: audit.Diff(nil, h)})
}

func dropHolidayBy(tx *db.Tx, by policy.Actor, d civil.Date) error {
	if err := dropHoliday(tx, d); err != nil {
		return err
	}
	return audit.Log(tx, by, audit.By(Manage), audit.Deed{Action: "task.holiday_drop", Kind: "task_holiday", ID: d.String()})
}

// FixedHolidays are the holidays that fall on the same day of the sun calendar each year, entered as unverified until an administrator
// confirms them. Tết, the day of the Hùng kings and days off in lieu are announced each year and entered by hand.
func FixedHolidays(year int) []Holiday {
	var out []Holiday
	for _, h := range []Holiday{{Day: civil.Date{Month: 1, Day: 1}, Name: "Tết Dương lịch"}, {Day: civil.Date{Month: 4, Day: 30}, Name: "Ngày Chiến thắng"},
		{Day: civil.Date{Month: 5, Day: 1}, Name: "Ngày Quốc tế lao động"}, {Day: civil.Date{Month: 9, Day: 2}, Name: "Quốc khánh"}} {
		h.Day.Year = year
		out = append(out, h)
	}
	return out
}

// Plant enters the fixed holidays of this year and the next where nothing is entered yet; a job of the timetable calls it.
func Plant(tx *db.Tx) error {
	for _, year := range []int{civil.Of(tx.Now).Year, civil.Of(tx.Now).Year + 1} {
		have, err := Holidays(tx, year)
		if err != nil {
			return err
		}
		if len(have) > 0 {
			continue
		}
		for _, h := range FixedHolidays(year) {
			if err := saveHoliday(tx, h); err != nil {
				return err
			}
		}
	}
	return nil
}
