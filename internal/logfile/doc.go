// Package logfile finds log files and reads them line by line: arguments, globs and directories become sources, and a
// source becomes lines, whatever it is compressed with. It knows files and bytes; what a line means is not its concern.
package logfile
