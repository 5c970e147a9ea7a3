package typeset

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// What Render answers with beside a document.
var (
	// ErrMissing: node or the typesetter's packages are not on this machine. The text says what to install.
	ErrMissing = errors.New("the typesetter is missing")
	// ErrBusy: too many documents wait already; try again in a moment.
	ErrBusy = errors.New("too many documents wait for the typesetter")
	// ErrTooLarge: the document's data are larger than any document of HM.
	ErrTooLarge = errors.New("the document is too large to be typeset")
	// ErrStopped: the server is stopping.
	ErrStopped = errors.New("the typesetter was stopped")

	errGone    = errors.New("the typesetter went away")
	errTooSlow = errors.New("the typesetter took too long and was ended")
)

// Template is Typst code. It reads its data by json("data.json"), and files that go with them by their names.
type Template struct{ name, source string }

// NewTemplate makes a template of code that belongs to the binary, never of anybody's input.
func NewTemplate(name, source string) Template { return Template{name, source} }

// Document is what a template is filled with.
type Document struct {
	// Data becomes data.json.
	Data any
	// Files such as a logo, by the names that the template knows them by.
	Files map[string][]byte
	// At is the time of making that the PDF tells.
	At time.Time
}

// PDF is a document that was made.
type PDF struct {
	Bytes []byte
	Pages int
}

// Options of New. Zero values are the usual ones.
type Options struct {
	// Folder of the packages; found by itself when empty.
	Folder string
	// Limit of one document, 10 s: a thousand pages take three.
	Limit time.Duration
	// Line is how many documents may wait, 64.
	Line int
	// Memory in bytes above which the child is replaced, 512 MiB.
	Memory int64
}

// Typesetter makes one document after the other. It is safe for use by many.
type Typesetter struct {
	options Options
	line    chan struct{} // a place for each document that waits or is made
	turn    chan struct{} // held by whom the child belongs to
	child   *child

	stopOnce sync.Once
	stopping chan struct{}
}

// New makes a typesetter; its child starts with the first document.
func New(o Options) *Typesetter {
	if o.Limit == 0 {
		o.Limit = 10 * time.Second
	}
	if o.Line == 0 {
		o.Line = 64
	}
	if o.Memory == 0 {
		o.Memory = 512 << 20
	}
	return &Typesetter{options: o, line: make(chan struct{}, o.Line), turn: make(chan struct{}, 1), stopping: make(chan struct{})}
}

// Render makes the document. It waits for those before it, as long as ctx allows.
func (t *Typesetter) Render(ctx context.Context, template Template, d Document) (PDF, error) {
	data, err := json.Marshal(d.Data)
	if err != nil {
		return PDF{}, err
	}
	header := request{Template: template.source, At: d.At.Unix(), Files: []requestFile{{Name: "data.json", Size: len(data)}}}
	files := [][]byte{data}
	for name, file := range d.Files {
		header.Files = append(header.Files, requestFile{Name: name, Size: len(file)})
		files = append(files, file)
	}
	select {
	case t.line <- struct{}{}:
	default:
		return PDF{}, ErrBusy
	}
	select {
	case t.turn <- struct{}{}:
	case <-ctx.Done():
		<-t.line
		return PDF{}, context.Cause(ctx)
	case <-t.stopping:
		<-t.line
		return PDF{}, ErrStopped
	}
	type outcome struct {
		pdf PDF
		err error
	}
	made := make(chan outcome, 1)
	// The document is finished even if nobody waits any more: its answer must not be taken for the next one's.
	go func() {
		defer func() { <-t.turn; <-t.line }()
		pdf, err := t.make(template.name, header, files)
		made <- outcome{pdf, err}
	}()
	select {
	case o := <-made:
		return o.pdf, o.err
	case <-ctx.Done():
		return PDF{}, context.Cause(ctx)
	}
}

// make has the turn. A child that is found dead is replaced and asked again, once: a document that kills it would kill
// the next one too.
func (t *Typesetter) make(name string, header request, files [][]byte) (PDF, error) {
	for again := range 2 {
		select {
		case <-t.stopping:
			return PDF{}, ErrStopped
		default:
		}
		if t.child == nil {
			folder, err := Find(t.options.Folder)
			if err != nil {
				return PDF{}, err
			}
			if t.child, err = startChild(folder); err != nil {
				return PDF{}, err
			}
		}
		c, late := t.child, make(chan struct{})
		limit := time.AfterFunc(t.options.Limit, func() { close(late); c.kill() })
		answer, body, err := c.exchange(header, files)
		if errors.Is(err, ErrTooLarge) {
			limit.Stop()
			return PDF{}, err
		}
		if err != nil {
			limit.Stop()
			c.kill()
			c.end(time.Second)
			t.child = nil
			select {
			case <-late:
				return PDF{}, fmt.Errorf("%s: %w", name, errTooSlow)
			default:
			}
			slog.Warn("the typesetter ended and is started again", "template", name, "reason", c.said.String())
			if again == 0 {
				continue
			}
			return PDF{}, fmt.Errorf("%s: %w", name, err)
		}
		if !limit.Stop() || answer.Memory > t.options.Memory {
			c.end(time.Second)
			t.child = nil
		}
		if answer.Fault != "" {
			return PDF{}, fmt.Errorf("the template %s is at fault: %s", name, answer.Fault)
		}
		return PDF{Bytes: slices.Clip(body), Pages: answer.Pages}, nil
	}
	return PDF{}, errGone
}

// Stop ends the child, after the document that it makes, as far as ctx allows.
func (t *Typesetter) Stop(ctx context.Context) {
	t.stopOnce.Do(func() { close(t.stopping) })
	select {
	case t.turn <- struct{}{}:
	case <-ctx.Done():
		return // the kernel ends the child with this process
	}
	defer func() { <-t.turn }()
	if t.child != nil {
		t.child.end(2 * time.Second)
		t.child = nil
	}
}
