package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"gatewatch/internal/config/document"
)

// maxSecret bounds a small file, such as that of a secret, in bytes.
const maxSecret = 64 << 10

// readable is who may read a secret's file: its owner and its group.
const readable fs.FileMode = 0o640

// files walks the keys that name files. A relative name is taken from the directory of the configuration. The content of
// the file of a secret becomes the value that it stands in place of; a file of the parts that do not concern the program
// is left alone, because the program may not be allowed to read it.
func (d *decoder) files(v reflect.Value, key string) {
	switch v.Kind() {
	case reflect.Struct:
		for f, field := range v.Fields() {
			if !f.IsExported() {
				continue
			}
			at := strings.TrimPrefix(key+"."+document.KeyName(f.Name), ".")
			name, isFile := strings.CutSuffix(f.Name, "File")
			if !isFile || field.Kind() != reflect.String {
				d.files(field, at)
				continue
			}
			d.file1(field, v.FieldByName(name), at)
		}
	case reflect.Map:
		if v.Type().Elem().Kind() != reflect.Struct {
			return
		}
		for _, name := range v.MapKeys() {
			item := reflect.New(v.Type().Elem()).Elem()
			item.Set(v.MapIndex(name))
			d.files(item, key+"."+name.String())
			v.SetMapIndex(name, item)
		}
	default:
	}
}

// file1 is one key that names a file, with the value that it stands in place of, if it is a secret's.
func (d *decoder) file1(path, value reflect.Value, key string) {
	if path.String() == "" {
		return
	}
	if !filepath.IsAbs(path.String()) && d.Has(key) {
		path.SetString(filepath.Join(filepath.Dir(d.File), path.String()))
	}
	if value.IsValid() && !value.IsZero() {
		d.Fault(key, "stands beside %s: keep one of them", strings.TrimSuffix(key, "_file"))
		return
	}
	if !d.concerned(key) {
		return
	}
	if !value.IsValid() {
		if _, err := os.Stat(path.String()); err != nil {
			d.Fault(key, "%s", unread(err))
		}
		return
	}
	text, mode, err := readSecret(path.String())
	if err != nil {
		d.Fault(key, "%s", unread(err))
		return
	}
	if mode.Perm()&^readable != 0 {
		d.Warn(key, "%s can be read by everyone: chmod 640 it", path.String())
	}
	switch value.Interface().(type) {
	case Secret:
		value.SetString(text)
	case []Secret:
		var all []Secret
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); line != "" {
				all = append(all, Secret(line))
			}
		}
		value.Set(reflect.ValueOf(all))
	default:
	}
}

// concerned tells whether a key is of the parts that concern the program.
func (d *decoder) concerned(key string) bool {
	part, _, _ := strings.Cut(key, ".")
	return len(d.parts) == 0 || slices.Contains(d.parts, part)
}

// readSecret reads a file without the white space around its content, which editors add.
func readSecret(path string) (text string, mode fs.FileMode, err error) {
	text, mode, err = readSmall(path)
	text = strings.TrimSpace(text)
	if err == nil && text == "" {
		err = fmt.Errorf("%s is empty", path)
	}
	return text, mode, err
}

// readSmall reads a file of a bounded size.
func readSmall(path string) (text string, mode fs.FileMode, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", 0, err
	}
	if !info.Mode().IsRegular() {
		return "", 0, fmt.Errorf("%s is no regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = f.Close() }() // read only: nothing can be lost
	b, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	switch {
	case err != nil:
		return "", 0, err
	case len(b) > maxSecret:
		return "", 0, fmt.Errorf("%s is longer than %d bytes", path, maxSecret)
	}
	return string(b), info.Mode(), nil
}

// unread says why a file cannot be used, and what to do about it.
func unread(err error) string {
	pe, ok := errors.AsType[*fs.PathError](err)
	switch {
	case !ok:
		return err.Error()
	case errors.Is(err, fs.ErrNotExist):
		return pe.Path + " does not exist"
	case errors.Is(err, fs.ErrPermission):
		return pe.Path + " may not be read by this user"
	default:
		return pe.Path + ": " + pe.Err.Error()
	}
}
