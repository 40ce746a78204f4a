# bash completion for whis                                   -*- shell-script -*-
# “whis complete” knows what may stand at the cursor; here is only how bash is told of it.

_whis()
{
    local cur prev words cword split
    _init_completion -s || return

    # Of “--option=value” only the value is replaced.
    local before= word rest
    [[ $split == true ]] && before=${words[cword]%%=*}=
    while IFS=$'\t' read -r word rest; do
        if [[ $word == :file ]]; then
            _filedir
        elif [[ $word == "${words[cword]}"* ]]; then
            COMPREPLY+=("${word#"$before"}")
        fi
    done < <("${words[0]/#~\//$HOME/}" complete -- "${words[@]:1:cword}" 2>/dev/null)
} &&
    complete -o nosort -F _whis whis
