package packs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/packs/internal/packsdb"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

var (
	errInvalid = errs.Invalid("packs.invalid", "The pack has faults; see errors.")
	errExists  = errs.Conflict("packs.version_exists", "This version is installed already, with other content. Give the changed pack a higher version.")
	errOlder   = errs.Conflict("packs.version_older", "A higher version is installed. Give the pack a version above it.")
)

// faultsMost is how many faults one answer tells.
const faultsMost = 500

// invalid is the answer that tells an author every fault.
func invalid(faults []Fault) error {
	e := errInvalid
	for _, f := range faults[:min(len(faults), faultsMost)] {
		e = e.At(fmt.Sprintf("%s:%d", f.File, f.Line), f.Message)
	}
	if len(faults) > faultsMost {
		e = e.At(wholeArchive, fmt.Sprintf("There are %d more faults.", len(faults)-faultsMost))
	}
	return e
}

// InstallInput is a pack folder as a zip.
type InstallInput struct {
	Language string `header:"Accept-Language" maxLength:"200"`
	RawBody  []byte `contentType:"application/zip"`

	candidate *candidate
}

// Prepare takes the archive apart before the transaction begins.
func (in *InstallInput) Prepare(context.Context) error {
	content, faults := readArchive(in.RawBody)
	if len(faults) > 0 {
		return invalid(faults)
	}
	var err error
	if in.candidate, faults, err = newCandidate(content); len(faults) > 0 {
		return invalid(faults)
	}
	return err
}

// candidate is a pack version that is to be installed, and is in itself in order.
type candidate struct {
	*pack
	archive  []byte
	root     fs.FS
	digest   [sha256.Size]byte
	size     int
	manifest manifest
	// lines tells where the version of a form stands, by code@version.
	lines map[string]Fault
}

func newCandidate(content files) (*candidate, []Fault, error) {
	c := &candidate{digest: content.digest(), size: content.size(), lines: map[string]Fault{}}
	var err error
	if c.archive, err = content.zip(); err != nil {
		return nil, nil, err
	}
	if c.root, err = folder(c.archive); err != nil {
		return nil, nil, err
	}
	var faults []Fault
	if c.pack, faults = load(c.root, true); len(faults) > 0 {
		return nil, faults, nil
	}
	c.manifest = describe(c.pack)
	for _, form := range c.templates {
		c.lines[refOf(form)] = Fault{File: form.at.file, Line: form.get("version").at.line}
	}
	return c, nil, nil
}

// describe says what a pack is, without its files.
func describe(p *pack) manifest {
	m := manifest{Pack: p.Pack, Facilities: p.facilities, Templates: map[string]string{}}
	m.Pack.Labels = nil
	for _, form := range p.templates {
		text, err := json.Marshal(form.plain())
		if err != nil {
			continue // no value of a file is one that JSON cannot hold
		}
		sum := sha256.Sum256(text)
		m.Templates[refOf(form)] = hex.EncodeToString(sum[:])
	}
	return m
}

// refOf gives a form's code@version.
func refOf(form *node) string {
	code, _ := form.get("code").str()
	version, _ := form.get("version").str()
	return code + "@" + version
}

// Install gives a tenant a pack, or a new version of one. The same content again changes nothing.
func (m *Module) Install(ctx context.Context, tx db.Tx, in InstallInput) (InstalledPack, error) {
	return m.install(ctx, tx, in.candidate, httpx.FirstLanguage(in.Language))
}

// InstallFolder is Install for a folder on the operator's disk.
func (m *Module) InstallFolder(ctx context.Context, tx db.Tx, root fs.FS) (InstalledPack, error) {
	c, faults, err := readCandidate(root)
	if err == nil && len(faults) > 0 {
		err = invalid(faults)
	}
	if err != nil {
		return InstalledPack{}, err
	}
	return m.install(ctx, tx, c, packsapi.DefaultLocale)
}

func (m *Module) install(ctx context.Context, tx db.Tx, c *candidate, locale string) (InstalledPack, error) {
	tenantID := tx.Scope().TenantID
	// One installation after the other, for each is checked against what is there.
	lockInstallations(tx)
	state, err := readInstalled(ctx, tx, tenantID)
	if err != nil {
		return InstalledPack{}, err
	}
	v, err := m.viewOf(ctx, tx, tenantID, state, "")
	if err != nil {
		return InstalledPack{}, err
	}
	previous, same, err := m.place(c, state)
	if err != nil {
		return InstalledPack{}, err
	}
	if same {
		return m.describeIn(ctx, tx, state, c.ID, locale)
	}
	faults, err := m.checkAmong(ctx, tx, c, v)
	if err != nil {
		return InstalledPack{}, err
	}
	if len(faults) > 0 {
		return InstalledPack{}, invalid(faults)
	}
	if err := m.keep(ctx, tx, c, previous); err != nil {
		return InstalledPack{}, err
	}
	// As everybody will see it once this is committed.
	if state, err = readInstalled(ctx, tx, tenantID); err != nil {
		return InstalledPack{}, err
	}
	out, err := m.describeIn(ctx, tx, state, c.ID, locale)
	out.created = previous == ""
	return out, err
}

// lockInstallations lets one change of what a tenant has installed happen at a time.
func lockInstallations(tx db.Tx) { tx.Lock("packs.install", tx.Scope().TenantID.String()) }

// place finds the version in use, which the candidate is to follow, and whether the candidate is there already.
func (m *Module) place(c *candidate, state installed) (previous string, same bool, err error) {
	type version struct{ version, digest string }
	var all []version
	for _, row := range state.versions {
		if row.Pack == c.ID {
			all = append(all, version{row.Version, string(row.Digest)})
		}
	}
	if p := m.builtInPack(c.ID); p != nil {
		digest := m.builtInDigests[c.ID]
		all = append(all, version{p.Version, string(digest[:])})
	}
	for _, v := range all {
		if v.version == c.Version && v.digest == string(c.digest[:]) {
			return "", true, nil
		}
		if v.version == c.Version {
			return "", false, errExists
		}
		if previous == "" || compareVersions(v.version, previous) > 0 {
			previous = v.version
		}
	}
	if previous != "" && compareVersions(c.Version, previous) < 0 {
		return "", false, errOlder.With("current_version", previous)
	}
	return previous, false, nil
}

// checkAmong finds what does not fit to the packs that are there: its own references and examples, what would break in
// the packs that extend it, for the tenant and in each facility, and forms that changed under their version.
func (m *Module) checkAmong(ctx context.Context, tx db.Tx, c *candidate, v *view) ([]Fault, error) {
	if faults := Check(c.root, v.Library); len(faults) > 0 {
		return faults, nil
	}
	for _, facility := range append([]string{""}, facilitiesOf(v.own, map[string]*pack{c.ID: c.pack})...) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if faults := m.checkUse(c, v, facility); len(faults) > 0 {
			return faults, nil
		}
	}
	manifests, err := packsdb.New(tx).ListManifests(ctx, tx.Scope().TenantID)
	if err != nil {
		return nil, err
	}
	return m.checkForms(c, manifests)
}

// facilitiesOf lists the codes of the facilities that have site packs of their own; each sees another library.
func facilitiesOf(tenants ...map[string]*pack) []string {
	var codes []string
	for _, own := range tenants {
		for _, p := range own {
			codes = append(codes, p.facilities...)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// checkForms finds forms that are there already under the same code and version with other content: documents that were
// written with those would show what nobody wrote.
func (m *Module) checkForms(c *candidate, rows []packsdb.ListManifestsRow) ([]Fault, error) {
	var all []manifest
	for _, row := range rows {
		known, err := manifestOf(row.ID, rows)
		if err != nil {
			return nil, err
		}
		all = append(all, known)
	}
	for _, id := range sortedKeys(m.builtInManifests) {
		all = append(all, m.builtInManifests[id])
	}
	var faults []Fault
	for _, known := range all {
		if !shadows(c.manifest, known, all) {
			continue
		}
		for _, ref := range sortedKeys(c.manifest.Templates) {
			digest, there := known.Templates[ref]
			if there && digest != c.manifest.Templates[ref] {
				f := c.lines[ref]
				f.Message = fmt.Sprintf("The form %s is in %s %s with other content, and documents may have been written with it: give the changed form a higher version.",
					ref, known.Pack.ID, known.Pack.Version)
				faults = append(faults, f)
			}
		}
	}
	return tidy(faults), nil
}

// shadows tells whether the forms of a pack would be found in place of those of another version or pack: of the same
// pack, of one it extends, or, for a site pack, of one over which it is laid.
func shadows(c, known manifest, all []manifest) bool {
	under := extended(c.Pack.ID, append([]manifest{c}, all...))
	if slices.Contains(under, known.Pack.ID) {
		return true
	}
	if c.Pack.Kind != packsapi.KindSite {
		return false
	}
	return slices.ContainsFunc(extended(known.Pack.ID, all), func(id string) bool { return slices.Contains(c.Pack.Extends, id) })
}

// extended lists a pack and all that any of its versions extends.
func extended(pack string, all []manifest) []string {
	out := []string{pack}
	for i := 0; i < len(out); i++ {
		for _, m := range all {
			if m.Pack.ID != out[i] {
				continue
			}
			for _, id := range m.Pack.Extends {
				if !slices.Contains(out, id) {
					out = append(out, id)
				}
			}
		}
	}
	return out
}

func (m *Module) keep(ctx context.Context, tx db.Tx, c *candidate, previous string) error {
	text, err := json.Marshal(c.manifest)
	if err != nil {
		return err
	}
	scope, versionID := tx.Scope(), id.For(ctx, tx.Now())
	err = packsdb.New(tx).InsertVersion(ctx, packsdb.InsertVersionParams{
		TenantID: scope.TenantID, ID: versionID, Pack: c.ID, Version: c.Version, Digest: c.digest[:], Archive: c.archive, Size: int32(c.size), //nolint:gosec // at most maxPackBytes
		Manifest: text, InstalledByID: id.Ptr(scope.UserID), Now: tx.Now(),
	})
	if db.Violates(err, "version_key") {
		return errExists
	}
	if err != nil {
		return err
	}
	tx.AfterCommit(func() { m.installed.forget(scope.TenantID) })
	return m.bus.Publish(ctx, tx, packsapi.Installed{VersionID: versionID, Pack: c.ID, Version: c.Version, PreviousVersion: previous})
}

func readCandidate(root fs.FS) (*candidate, []Fault, error) {
	content, faults := readFolder(root)
	if len(faults) > 0 {
		return nil, faults, nil
	}
	return newCandidate(content)
}
