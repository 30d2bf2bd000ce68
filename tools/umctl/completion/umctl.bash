# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the bash completion of umctl and das. What can be typed is
# known to the binary alone: the candidates come from `umctl __complete`.

_umctl()
{
	local cur=${COMP_WORDS[COMP_CWORD]}
	local -a words=("${COMP_WORDS[@]:1:COMP_CWORD}")

	# readline cuts words at colons, which addresses are full of.
	if declare -F _get_comp_words_by_ref >/dev/null; then
		local cword
		_get_comp_words_by_ref -n : -c cur -i cword -w words
		words=("${words[@]:1:cword}")
	fi
	[ "${1##*/}" = das ] && words=(das "${words[@]}")
	# The words that are files.
	[[ $3 = @(-b|save|restore|sync) ]] && compopt -o default

	mapfile -t COMPREPLY < <(umctl __complete "${words[@]}" 2>/dev/null)
	if declare -F __ltrim_colon_completions >/dev/null; then
		__ltrim_colon_completions "$cur"
	fi
}
complete -F _umctl umctl das
