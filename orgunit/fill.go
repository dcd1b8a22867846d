package orgunit

import "strings"

// fill puts an area's name into a template.
func fill(name string, a Area) string {
	if a.Name == "" {
		return name
	}
	return strings.NewReplacer("{A}", a.Lower(), "{a}", a.Bare()).Replace(name)
}
