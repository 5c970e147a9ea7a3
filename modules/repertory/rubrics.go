package repertory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
)

var errNotFound = errs.NotFound("repertory.rubric_not_found", "There is no such rubric.")

// Edition is what the tenant has imported; Current is null, and there are no chapters, when it has nothing.
type Edition struct {
	Current  *CurrentEdition `json:"edition"`
	Chapters []Chapter       `json:"chapters" nullable:"false" doc:"In the order of the book"`
}

// CurrentEdition says what was imported last.
type CurrentEdition struct {
	ID         uuid.UUID `json:"id" format:"uuid"`
	Source     string    `json:"source" doc:"The name of the file"`
	Rubrics    int       `json:"rubrics"`
	Remedies   int       `json:"remedies"`
	Gradings   int       `json:"gradings"`
	ImportedAt time.Time `json:"imported_at"`
}

// Chapter is a part of the book.
type Chapter struct {
	Chapter string `json:"chapter" example:"MIND"`
	Rubrics int    `json:"rubrics"`
}

// Edition tells what there is to look into.
func (m *Module) Edition(ctx context.Context, q db.DBTX, _ struct{}) (Edition, error) {
	scope, _ := db.ScopeOf(ctx)
	b, row, err := m.shelf.of(ctx, q, scope.TenantID)
	if err != nil || b == nil {
		return Edition{Chapters: []Chapter{}}, err
	}
	shown := Edition{Chapters: make([]Chapter, len(b.chapters)), Current: &CurrentEdition{
		ID: row.ID, Source: row.Source, Rubrics: int(row.Rubrics), Remedies: int(row.Remedies), Gradings: int(row.Gradings), ImportedAt: row.ImportedAt}}
	for i, chapter := range b.chapters {
		shown.Chapters[i].Chapter = chapter
	}
	for _, r := range b.rubrics {
		shown.Chapters[r.chapter].Rubrics++
	}
	return shown, nil
}

// Rubric as a list shows it.
type Rubric struct {
	ID      uuid.UUID `json:"id" format:"uuid" doc:"The same after another import of the same book"`
	Chapter string    `json:"chapter" example:"MIND"`
	Path    string    `json:"path" example:"FEAR, death, of"`
	See     *string   `json:"see" doc:"Another rubric to look under"`
	Count   int       `json:"remedies_count" doc:"How many remedies it has"`
}

// RubricsInput looks for rubrics.
type RubricsInput struct {
	httpx.PageParams
	Query   string `query:"q" maxLength:"200" doc:"Words, or beginnings of words"`
	Chapter string `query:"chapter" maxLength:"100"`
}

// Rubrics finds rubrics while one types.
func (m *Module) Rubrics(ctx context.Context, q db.DBTX, in RubricsInput) (httpx.Page[Rubric], error) {
	type key struct{ Rank rank }
	var page httpx.Page[Rubric]
	var after key
	more, err := in.After(&after)
	if err != nil {
		return page, err
	}
	scope, _ := db.ScopeOf(ctx)
	b, _, err := m.shelf.of(ctx, q, scope.TenantID)
	if err != nil {
		return page, err
	}
	var ranks []rank
	if b != nil {
		ranks = b.search(in.Query, in.Chapter)
	}
	count := int64(len(ranks))
	if more {
		first, _ := slices.BinarySearch(ranks, after.Rank+1)
		ranks = ranks[first:]
	}
	ranks = ranks[:min(len(ranks), in.Limit+1)]
	shown := make([]Rubric, len(ranks))
	for i, r := range ranks {
		shown[i] = b.show(r.place())
	}
	page = httpx.NewPage(shown, in.Limit, func(Rubric) any { return key{ranks[in.Limit-1]} })
	if in.Count {
		page.Count = &count
	}
	return page, nil
}

func (b *book) show(place int32) Rubric {
	r := &b.rubrics[place]
	shown := Rubric{ID: r.id, Chapter: b.chapters[r.chapter], Path: r.path, Count: len(b.gradingsOf(place))}
	if r.see != "" {
		shown.See = &r.see
	}
	return shown
}

// ByID names one rubric.
type ByID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// WholeRubric is a rubric with its remedies, the strongest first.
type WholeRubric struct {
	Rubric
	Remedies []GradedRemedy `json:"remedies" nullable:"false"`

	edition uuid.UUID
}

// ETag changes with the edition: between imports a rubric is what it is.
func (w WholeRubric) ETag() string { return `"` + w.edition.String() + `"` }

// GradedRemedy is a remedy of a rubric.
type GradedRemedy struct {
	Abbreviation string `json:"abbreviation" example:"acon"`
	Remedy       string `json:"remedy" example:"Aconitum napellus"`
	Grade        int    `json:"grade" minimum:"1" maximum:"5"`
}

// Rubric gives one rubric with its remedies.
func (m *Module) Rubric(ctx context.Context, q db.DBTX, in ByID) (WholeRubric, error) {
	scope, _ := db.ScopeOf(ctx)
	b, _, err := m.shelf.of(ctx, q, scope.TenantID)
	if err != nil {
		return WholeRubric{}, err
	}
	if b == nil {
		return WholeRubric{}, errNotFound
	}
	place, known := b.byID[in.ID]
	if !known {
		return WholeRubric{}, errNotFound
	}
	shown := WholeRubric{Rubric: b.show(place), Remedies: []GradedRemedy{}, edition: b.edition}
	for _, g := range b.gradingsOf(place) {
		r := b.remedies[g.remedy]
		shown.Remedies = append(shown.Remedies, GradedRemedy{r.abbreviation, r.name, int(g.grade)})
	}
	slices.SortFunc(shown.Remedies, func(a, b GradedRemedy) int {
		return cmp.Or(cmp.Compare(b.Grade, a.Grade), cmp.Compare(a.Abbreviation, b.Abbreviation))
	})
	return shown, nil
}
