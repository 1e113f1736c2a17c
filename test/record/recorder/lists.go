package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// writeLists writes the word lists the attack tools read. They are made from
// plain words here, so that no one else's list has to be shipped.
func writeLists(dir string) error {
	words := pathWords()
	for name, lines := range map[string][]string{
		"words.txt": words, "few-words.txt": every(words, 3), "passwords.txt": passwords(),
	} {
		text := strings.Join(lines, "\n") + "\n"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return fmt.Errorf("writing a word list: %w", err)
		}
	}
	return nil
}

// pathWords are names a site might have, some of them with an ending.
func pathWords() []string {
	stems := strings.Fields(`admin administrator api app archive assets auth backup backups beta billing bin blog cache
		cart catalog cgi-bin checkout client clients cms conf config console contact control core cpanel cron css customer
		dashboard data database db debug demo dev dist doc docs download downloads dump edit editor email error export
		files forum ftp gallery git guest help home hidden hooks html images import inc include index info install
		intranet invoice invoices js json lib local log login logout logs mail manage manager media members metrics
		monitor mysql new news node office old old-site orders panel password payment php phpinfo portal preview private
		prod products profile public readme register report reports reset robots root rss sales sample scripts search
		secret secrets secure server service session settings setup shell shop sitemap sql src staff staging stage
		static stats status store storage svn system temp templates test tests themes tmp token tools trace upload uploads
		user users util vendor version web webmail wiki work www xml`)
	endings := []string{".php", ".bak", ".zip", ".txt", ".old", ".sql", "/", ".json", ".html"}
	words := []string{".env", ".git/HEAD", ".git/config", ".htaccess", ".htpasswd", ".svn/entries", ".DS_Store", "web.config"}
	for i, stem := range stems {
		words = append(words, stem, stem+endings[i%len(endings)])
	}
	return words
}

// passwords are the guesses of a tool on one account; none of them is right.
func passwords() []string {
	var all []string
	for word := range strings.FieldsSeq("spring summer autumn winter admin shop lamp chair welcome password letmein") {
		for year := 2016; year <= 2026; year++ {
			all = append(all, fmt.Sprintf("%s%d", word, year))
		}
	}
	return all
}

// every returns each n-th line.
func every(lines []string, n int) []string {
	var some []string
	for i := 0; i < len(lines); i += n {
		some = append(some, lines[i])
	}
	return some
}
