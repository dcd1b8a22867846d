package orgunit

import (
	"chungtay/internal/civil"
	"chungtay/internal/db"
)

// Divisions lists the internal divisions of a unit (phòng chuyên môn thuộc Sở) on a day: what they do is the unit's own doing.
func Divisions(tx *db.Tx, unit string, day civil.Date) ([]string, error) {
	return db.All[string](tx, `SELECT v.unit_id FROM orgunit_version v WHERE v.superior_id = $1 AND v.internal = 1 AND v.from_day <= $2 AND (v.to_day IS NULL OR v.to_day >= $3) ORDER BY v.unit_id`, unit, day.String(), day.String())
}
