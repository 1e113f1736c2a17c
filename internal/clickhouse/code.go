package clickhouse

// classOfCode sorts what servers say by its code (system.errors). What is not listed is the server's trouble and may
// pass: an insert that is tried again too long shows in the lag and in readiness, one that is given up too early stops
// the service.
func classOfCode(code int) Class {
	switch code {
	case 192, 193, 194, 195, 516: // UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, IP_ADDRESS_NOT_ALLOWED, AUTHENTICATION_FAILED
		return ClassLogin
	case 291, 497: // DATABASE_ACCESS_DENIED, ACCESS_DENIED
		return ClassDenied
	case 164: // READONLY: the user's profile allows no writes
		return ClassDenied
	case 242: // TABLE_IS_READ_ONLY: a replica without its keeper
		return ClassReadOnly
	case 159, 160, 209, 210: // TIMEOUT_EXCEEDED, TOO_SLOW, SOCKET_TIMEOUT, NETWORK_ERROR
		return ClassTimeout
	case 202, 241, 243, 252, 745: // TOO_MANY_SIMULTANEOUS_QUERIES, MEMORY_LIMIT_EXCEEDED, NOT_ENOUGH_SPACE, TOO_MANY_PARTS, SERVER_OVERLOADED
		return ClassBusy
	}
	if schemaCodes[code] {
		return ClassSchema
	}
	return ClassServer
}

// schemaCodes are what servers say about statements, names and types: nothing that passes by itself.
var schemaCodes = map[int]bool{
	6:   true, // CANNOT_PARSE_TEXT
	7:   true, // INCORRECT_NUMBER_OF_COLUMNS
	8:   true, // THERE_IS_NO_COLUMN
	10:  true, // NOT_FOUND_COLUMN_IN_BLOCK
	15:  true, // DUPLICATE_COLUMN
	16:  true, // NO_SUCH_COLUMN_IN_TABLE
	19:  true, // SIZE_OF_FIXED_STRING_DOESNT_MATCH
	20:  true, // NUMBER_OF_COLUMNS_DOESNT_MATCH
	36:  true, // BAD_ARGUMENTS
	42:  true, // NUMBER_OF_ARGUMENTS_DOESNT_MATCH
	43:  true, // ILLEGAL_TYPE_OF_ARGUMENT
	44:  true, // ILLEGAL_COLUMN
	46:  true, // UNKNOWN_FUNCTION
	47:  true, // UNKNOWN_IDENTIFIER
	48:  true, // NOT_IMPLEMENTED: a conversion between types, for one
	50:  true, // UNKNOWN_TYPE
	53:  true, // TYPE_MISMATCH
	57:  true, // TABLE_ALREADY_EXISTS
	60:  true, // UNKNOWN_TABLE
	62:  true, // SYNTAX_ERROR
	70:  true, // CANNOT_CONVERT_TYPE
	80:  true, // INCORRECT_QUERY
	81:  true, // UNKNOWN_DATABASE
	115: true, // UNKNOWN_SETTING
	122: true, // INCOMPATIBLE_COLUMNS
	171: true, // BLOCKS_HAVE_DIFFERENT_STRUCTURE
	349: true, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
	386: true, // NO_COMMON_TYPE
	352: true, // AMBIGUOUS_COLUMN_NAME
}
