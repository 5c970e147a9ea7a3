package report

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"hmsoftware.com/hm/bench/day"
)

// table is rows of cells under a heading.
type table struct {
	title string
	head  []string
	rows  [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// Print writes the report for a terminal, or as markdown.
func (r *Report) Print(w io.Writer, markdown bool, last *Report) {
	m := r.Machine
	lines := []string{
		fmt.Sprintf("%s, commit %s, %s form, %s", r.At.UTC().Format("2006-01-02 15:04 UTC"), r.Commit, r.Form, r.Elapsed.Round(time.Second)),
		fmt.Sprintf("%s, %d cores shared by client, HM and PostgreSQL; %.0f GiB; %s; PostgreSQL %s; %s", m.Processor, m.Cores, float64(m.Memory)/(1<<30), m.Kernel, m.PostgreSQL, m.Go),
		fmt.Sprintf("load average %.2f at the start, %.2f at the end; the disk makes %.0f writes a second durable", m.LoadBefore, m.LoadAfter, m.Syncs),
		fmt.Sprintf("%d tenants, %d facilities, %d patients, %d events; acting in %d facilities", r.Load.Tenants, r.Load.Facilities, r.Load.Patients, r.Load.Events, r.Load.Sites),
	}
	if r.Load.Took > 0 {
		lines = append(lines, "loaded in "+r.Load.Took.Round(time.Second).String())
	}
	if r.Start != nil && r.Memory != nil {
		lines = append(lines, fmt.Sprintf("ready %.2f s after start with PostgreSQL up, %.2f s with it down; memory %.0f MiB after start, %.0f MiB at most under 64 clients; binary %.1f MB",
			r.Start.Warm.Median, r.Start.Cold.Seconds(), float64(r.Memory.AfterStart)/(1<<20), float64(r.Memory.Peak)/(1<<20), float64(r.Binary)/1e6))
	}
	for _, line := range lines {
		if markdown {
			line = "- " + line
		}
		fmt.Fprintln(w, line)
	}
	for _, t := range r.tables(last) {
		if len(t.rows) == 0 {
			continue
		}
		t.print(w, markdown)
	}
	for _, s := range r.Skipped {
		fmt.Fprintf(w, "Not measured: %s: %s\n", s.Part, s.Why)
	}
	for _, f := range r.Failures {
		fmt.Fprintf(w, "FAILED: %s\n", f)
	}
}

func (r *Report) tables(last *Report) []table {
	tables := []table{r.goalTable(), r.actTable("Acts against the limit", r.Acts, true), r.ladderTable(),
		r.actTable("Other acts", r.Others, false), r.actTable("Every list of openapi.json", r.Lists, false), r.pairTable(), r.dayTable()}
	if last != nil {
		tables = append(tables, r.changeTable(last))
	}
	return tables
}

func (r *Report) goalTable() table {
	t := table{title: "Goals", head: []string{"goal", "base", "must", "aim", "measured", "met"}}
	for _, g := range r.Goals() {
		measured := strings.TrimSpace(number(g.Measured) + " " + g.Unit)
		if g.Why != "" {
			measured = "-"
		}
		t.add(g.Name, g.Base, strings.TrimSpace(number(g.Must)+" "+g.Unit), strings.TrimSpace(number(g.Aim)+" "+g.Unit), measured, g.Verdict())
	}
	return t
}

func (r *Report) actTable(title string, acts []Act, limited bool) table {
	t := table{title: title, head: []string{"act", "clients", "HM/s", "us HM", "us PG", "p50", "p95", "p99", "missed", "wrong"}}
	if limited {
		t.head = []string{"act", "clients", "limit/s", "HM/s", "ratio", "range", "us HM", "us PG", "us limit", "by CPU", "p50", "p95", "p99", "wrong"}
	}
	for _, a := range acts {
		times := []string{milliseconds(a.P50), milliseconds(a.P95), milliseconds(a.P99)}
		cells := []string{a.Name, fmt.Sprint(a.Clients)}
		if limited {
			cells = append(cells, number(a.Limit.Median), number(a.Rate.Median), number(a.Ratio.Median), number(a.Ratio.Low)+"-"+number(a.Ratio.High),
				number(a.ServerCPU), number(a.DatabaseCPU), number(a.LimitCPU), number(a.Work()))
			cells = append(append(cells, times...), fmt.Sprint(a.Wrong))
		} else {
			cells = append(cells, number(a.Rate.Median), number(a.ServerCPU), number(a.DatabaseCPU))
			cells = append(append(cells, times...), fmt.Sprint(a.Missed), fmt.Sprint(a.Wrong))
		}
		t.add(cells...)
	}
	return t
}

func (r *Report) ladderTable() table {
	t := table{title: "From 8 to 64 clients", head: []string{"act", "clients", "HM/s", "p50", "p95", "p99", "wrong"}}
	for _, s := range r.Ladder {
		t.add(s.Name, fmt.Sprint(s.Clients), number(s.Rate), milliseconds(s.P50), milliseconds(s.P95), milliseconds(s.P99), fmt.Sprint(s.Wrong))
	}
	return t
}

func (r *Report) pairTable() table {
	t := table{title: "With and without", head: []string{"what", "with", "without", "ratio", "range", "us with", "us without"}}
	add := func(name string, p Pair) {
		t.add(name, number(p.With.Median), number(p.Without.Median), number(p.Ratio.Median), number(p.Ratio.Low)+"-"+number(p.Ratio.High), number(p.WithCPU), number(p.WithoutCPU))
	}
	if r.Rows != nil {
		for _, each := range r.Rows.Each {
			add("row-level security, "+each.Name+"/s", each)
		}
	}
	if s := r.Sealing; s != nil {
		add(s.Name, s.Pair)
		t.add("... entries not sealed at the end", fmt.Sprint(s.Backlog), "sealed after", s.Drained.Round(time.Millisecond).String(), "", "", "")
	}
	if s := r.Search; s != nil {
		name := fmt.Sprintf("search misspelt in %d patients, p95 in ms: HM against trigrams", s.Patients)
		add(name, Pair{With: s.P95, Without: s.TrigramP95, Ratio: s.Ratio})
		t.add("... questions that showed the patient", fmt.Sprintf("%.0f %%", 100*s.Found), fmt.Sprintf("%.0f %%", 100*s.TrigramHit), "", "", "", "")
	}
	return t
}

func (r *Report) dayTable() table {
	t := table{head: []string{"act", "done", "missed", "shed", "failed", "p50", "p95", "p99", "max"}}
	if r.Day == nil {
		return t
	}
	t.title = fmt.Sprintf("The day: %d users over %d facilities for %s", r.Day.Users, r.Day.Sites, r.Day.Elapsed.Round(time.Second))
	row := func(o day.Outcome) {
		t.add(o.Act, fmt.Sprint(o.Done), fmt.Sprint(o.Missed), fmt.Sprint(o.Shed), fmt.Sprint(o.Failed), milliseconds(o.P50), milliseconds(o.P95), milliseconds(o.P99), milliseconds(o.Max))
	}
	for _, o := range r.Day.Acts {
		row(o)
	}
	row(r.Day.Total())
	return t
}

func (r *Report) changeTable(last *Report) table {
	t := table{title: fmt.Sprintf("Since %s, commit %s: what changed by more than it varies", last.At.UTC().Format("2006-01-02 15:04"), last.Commit),
		head: []string{"figure", "before", "now", "now/before", ""}}
	for _, c := range Compare(last, r) {
		if !c.Sure {
			continue
		}
		verdict := "WORSE"
		if c.Better {
			verdict = "better"
		}
		t.add(c.Name, number(c.Before), number(c.After), number(c.After/c.Before), verdict)
	}
	if len(t.rows) == 0 {
		t.add("nothing", "", "", "", "")
	}
	return t
}

func milliseconds(d time.Duration) string {
	return number(float64(d)/float64(time.Millisecond)) + " ms"
}

func (t *table) print(w io.Writer, markdown bool) {
	widths := make([]int, len(t.head))
	for _, row := range append([][]string{t.head}, t.rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	separator, edge := "  ", ""
	if markdown {
		fmt.Fprintf(w, "\n### %s\n\n", t.title)
		separator, edge = " | ", "|"
	} else {
		fmt.Fprintf(w, "\n%s\n", t.title)
	}
	line := func(cells []string) {
		padded := make([]string, len(cells))
		for i, cell := range cells {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 || strings.ContainsFunc(cell, isLetter) && !strings.HasSuffix(cell, " ms") {
				padded[i] = cell + space
			} else {
				padded[i] = space + cell
			}
		}
		text := strings.Join(padded, separator)
		if markdown {
			text = edge + " " + text + " " + edge
		}
		fmt.Fprintln(w, strings.TrimRight(text, " "))
	}
	line(t.head)
	if markdown {
		fmt.Fprintln(w, edge+strings.Repeat("---"+edge, len(t.head)))
	}
	for _, row := range t.rows {
		line(row)
	}
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
