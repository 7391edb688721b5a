package events

import "slices"

// personal has the names that MarkPersonal was given.
var personal []string

// MarkPersonal notes the names of members that hold personal data. Only the initialisation of generated packages calls it,
// for contracts with x-personal.
func MarkPersonal(members ...string) { personal = append(personal, members...) }

// PersonalMembers returns the names of the members that hold personal data in the events of all packages in this binary,
// sorted. It is empty if none of them has personal data.
func PersonalMembers() []string {
	names := slices.Clone(personal)
	slices.Sort(names)
	return slices.Compact(names)
}
