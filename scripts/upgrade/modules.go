package main

import (
	"fmt"
	"maps"
	"slices"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// mergeModules merges two go.mod files with a common base. Git reports conflicts between neighbouring lines even if
// they are unrelated; this merges each requirement separately, and the later of two versions wins.
func mergeModules(base, ours, theirs []byte) ([]byte, error) {
	before, err := modfile.Parse("go.mod", base, nil)
	if err != nil {
		return nil, fmt.Errorf("the base version: %w", err)
	}
	own, err := modfile.Parse("go.mod", ours, nil)
	if err != nil {
		return nil, fmt.Errorf("this repository's: %w", err)
	}
	merged, err := modfile.Parse("go.mod", theirs, nil)
	if err != nil {
		return nil, fmt.Errorf("the new version's: %w", err)
	}
	was, is, will := versions(before), versions(own), versions(merged)
	for path, mine := range is {
		if theirs, there := will[path]; was[path] != mine && (!there || semver.Compare(mine.version, theirs.version) > 0) {
			will[path] = mine
		}
	}
	for path := range was {
		if _, kept := is[path]; !kept {
			delete(will, path)
		}
	}
	required := make([]*modfile.Require, 0, len(will))
	for _, path := range slices.Sorted(maps.Keys(will)) {
		required = append(required, &modfile.Require{Mod: module.Version{Path: path, Version: will[path].version}, Indirect: will[path].indirect})
	}
	merged.SetRequireSeparateIndirect(required)
	if err := mergeReplaces(before, own, merged); err != nil {
		return nil, err
	}
	merged.Cleanup()
	merged.SortBlocks()
	return merged.Format()
}

// requirement is a module's version, and whether it is indirect.
type requirement struct {
	version  string
	indirect bool
}

func versions(mod *modfile.File) map[string]requirement {
	found := map[string]requirement{}
	for _, r := range mod.Require {
		found[r.Mod.Path] = requirement{r.Mod.Version, r.Indirect}
	}
	return found
}

// mergeReplaces adds the owner's replacements.
func mergeReplaces(before, own, merged *modfile.File) error {
	known := map[string]bool{}
	for _, r := range append(before.Replace, merged.Replace...) {
		known[r.Old.String()] = true
	}
	for _, r := range own.Replace {
		if known[r.Old.String()] {
			continue
		}
		if err := merged.AddReplace(r.Old.Path, r.Old.Version, r.New.Path, r.New.Version); err != nil {
			return err
		}
	}
	return nil
}
