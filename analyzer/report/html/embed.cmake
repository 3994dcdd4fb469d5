# cmake -DFOLDER=... -DOUTPUT=... -P embed.cmake: page.css and page.js as C, and what a
# Content-Security-Policy calls them: the base64 of their SHA-256.

set(alphabet "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

# Three hexadecimal digits are two of base64.  64 of them are 21 such groups and a digit.
function(to_base64 hex result)
	set(text "")
	foreach(at RANGE 0 63 3)
		string(SUBSTRING "${hex}00" ${at} 3 digits)
		math(EXPR high "0x${digits} >> 6")
		math(EXPR low "0x${digits} & 63")
		string(SUBSTRING ${alphabet} ${high} 1 first)
		string(SUBSTRING ${alphabet} ${low} 1 second)
		string(APPEND text ${first}${second})
	endforeach()
	string(REGEX REPLACE "A$" "=" text ${text})
	set(${result} ${text} PARENT_SCOPE)
endfunction()

# The element must hold the octets as they are: nothing in them may end it.
function(embed file name result)
	file(READ ${file} text)
	if(text MATCHES "</|<!--|[^\n -~\t]")
		message(FATAL_ERROR "${file}: ASCII without tags and comments of HTML")
	endif()
	file(READ ${file} hex HEX)
	file(SHA256 ${file} hash)
	to_base64(${hash} hash)
	string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," octets ${hex})
	string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)"
		"\\1\n\t" octets ${octets})
	set(${result} "
static const uint8_t ${name}[] = {
	${octets}
};
const struct html_asset html_${name} = {
	{${name}, sizeof ${name}}, \"sha256-${hash}\"};
" PARENT_SCOPE)
endfunction()

embed(${FOLDER}/page.css style style)
embed(${FOLDER}/page.js script script)
file(WRITE ${OUTPUT} "#include \"analyzer/report/html_asset.h\"\n${style}${script}")
