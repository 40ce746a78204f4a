# “whis complete” knows what may stand at the cursor; here is only how fish is told of it.

function __whis_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] complete -- $words[2..] "$current" 2>/dev/null)
        if test "$line" = :file
            set -l option (string match -r -- '^--[a-z-]+=' "$current"; or echo)
            set -l paths (__fish_complete_path (string replace -r -- '^--[a-z-]+=' '' "$current"))
            printf '%s\n' $option$paths
        else
            echo $line
        end
    end
end

complete -c whis -f -k -a '(__whis_complete)'
