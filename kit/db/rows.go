package db

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
)

// InsertRows writes many rows of a table in one statement: a parameter per column, an array of the rows' values. The
// fields of T, a row as sqlc makes it, name the columns; those in except are left to their defaults. For loading: as
// the application's role, under the scope of q, so that row-level security holds each row. COPY cannot: PostgreSQL
// refuses it to a role that row-level security binds.
func InsertRows[T any](ctx context.Context, q DBTX, table string, rows []T, except ...string) error {
	if len(rows) == 0 {
		return nil
	}
	var names, arrays, aliases, values []string
	var parameters []any
	unnested := func(parameter any, kind, alias string) {
		parameters = append(parameters, parameter)
		arrays, aliases = append(arrays, fmt.Sprintf("$%d::%s[]", len(parameters), kind)), append(aliases, alias)
	}
	all := reflect.ValueOf(rows)
	for i := range reflect.TypeFor[T]().NumField() {
		field := reflect.TypeFor[T]().Field(i)
		name, alias := columnOf(field.Name), fmt.Sprintf("c%d", i)
		if slices.Contains(except, name) {
			continue
		}
		names = append(names, name)
		if element, isArray := arrayOf[field.Type]; isArray {
			// An array of arrays has one length for all: so one long array, and where each row's part begins and ends.
			flat, firsts, lasts := flatten(all, i, field.Type)
			parameters = append(parameters, flat)
			values = append(values, fmt.Sprintf("($%d::%s[])[%sfirst:%slast]", len(parameters), element, alias, alias))
			unnested(firsts, "integer", alias+"first")
			unnested(lasts, "integer", alias+"last")
			continue
		}
		column, err := columnValues(all, i, field.Type)
		if err != nil {
			return fmt.Errorf("db: %s.%s: %w", table, name, err)
		}
		unnested(column.values, column.sent, alias)
		values = append(values, alias+"::"+column.stored)
	}
	_, err := q.Exec(ctx, fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM unnest(%s) AS row (%s)",
		table, strings.Join(names, ", "), strings.Join(values, ", "), strings.Join(arrays, ", "), strings.Join(aliases, ", ")), parameters...)
	return err
}

// column is a column's values with the type they travel as and the type they have.
type column struct {
	values       any
	sent, stored string
}

func columnValues(rows reflect.Value, field int, kind reflect.Type) (column, error) {
	switch kind {
	case reflect.TypeFor[uuid.UUID](), reflect.TypeFor[*uuid.UUID]():
		return same(rows, field, kind, "uuid"), nil
	case reflect.TypeFor[string](), reflect.TypeFor[*string]():
		return same(rows, field, kind, "text"), nil
	case reflect.TypeFor[time.Time](), reflect.TypeFor[*time.Time]():
		return same(rows, field, kind, "timestamptz"), nil
	case reflect.TypeFor[bool](), reflect.TypeFor[*bool]():
		return same(rows, field, kind, "boolean"), nil
	case reflect.TypeFor[int32](), reflect.TypeFor[*int32]():
		return same(rows, field, kind, "integer"), nil
	case reflect.TypeFor[int64](), reflect.TypeFor[*int64]():
		return same(rows, field, kind, "bigint"), nil
	case reflect.TypeFor[float64](), reflect.TypeFor[*float64]():
		return same(rows, field, kind, "double precision"), nil
	case reflect.TypeFor[[]byte]():
		return same(rows, field, kind, "bytea"), nil
	case reflect.TypeFor[json.RawMessage]():
		texts := make([]string, rows.Len())
		for i := range texts {
			texts[i] = string(rows.Index(i).Field(field).Bytes())
		}
		return column{texts, "text", "jsonb"}, nil
	case reflect.TypeFor[*clock.Date]():
		texts := make([]*string, rows.Len())
		for i := range texts {
			if day, ok := rows.Index(i).Field(field).Interface().(*clock.Date); ok && day != nil {
				text := day.String()
				texts[i] = &text
			}
		}
		return column{texts, "text", "date"}, nil
	}
	return column{}, fmt.Errorf("no way to write a %s is known", kind)
}

func same(rows reflect.Value, field int, kind reflect.Type, name string) column {
	values := reflect.MakeSlice(reflect.SliceOf(kind), rows.Len(), rows.Len())
	for i := range rows.Len() {
		values.Index(i).Set(rows.Index(i).Field(field))
	}
	return column{values.Interface(), name, name}
}

// arrayOf names what the columns that are arrays hold.
var arrayOf = map[reflect.Type]string{reflect.TypeFor[[]int64](): "bigint", reflect.TypeFor[[]string](): "text", reflect.TypeFor[[]uuid.UUID](): "uuid"}

// flatten gives one long array of the rows' arrays, and the places of each one's first and last in it, from 1.
func flatten(rows reflect.Value, field int, kind reflect.Type) (flat any, firsts, lasts []int32) {
	all := reflect.MakeSlice(kind, 0, rows.Len())
	for i := range rows.Len() {
		firsts = append(firsts, int32(all.Len()+1)) //nolint:gosec // a statement is far smaller
		all = reflect.AppendSlice(all, rows.Index(i).Field(field))
		lasts = append(lasts, int32(all.Len())) //nolint:gosec // as above
	}
	return all.Interface(), firsts, lasts
}

// columnOf gives created_by_id for CreatedByID.
func columnOf(field string) string {
	var name strings.Builder
	letters := []rune(field)
	for i, letter := range letters {
		begins := unicode.IsUpper(letter) && i > 0 && (unicode.IsLower(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1]))
		if begins {
			name.WriteByte('_')
		}
		name.WriteRune(unicode.ToLower(letter))
	}
	return name.String()
}
