# SPDX-License-Identifier: MIT
"""Shells in a terminal, asked what they offer."""

import os
import pty
import re
import select
import signal
import subprocess

BASH_SETUP = r"""
. /usr/share/bash-completion/bash_completion
bind 'set completion-query-items 0' 'set bell-style none' 'set enable-bracketed-paste off'
bind '"\C-o": insert-completions'
show() { printf '\n<<%s>>\n' "$READLINE_LINE"; READLINE_LINE=; READLINE_POINT=0; }
bind -x '"\C-t": show'
PS1=
"""

ZSH_SETUP = r"""
fpath=($WHIS_ZSH_FUNCTIONS $fpath)
autoload -Uz compinit
compinit -u -D
compadd() {
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
        builtin compadd "$@"
        return
    fi
    local -a hits
    builtin compadd -A hits "$@"
    (( $#hits )) && printf '\n<hit>%s</hit>\n' "${hits[@]}"
    builtin compadd "$@"
}
list() { _main_complete; printf '\n<<done>>\n' }
zle -C list list-choices list
bindkey '^T' list
bindkey '^U' kill-whole-line
PS1=
"""


class Terminal:
    """A program in a terminal of its own."""

    def __init__(self, command, environment, directory):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(directory)
            os.execvpe(command[0], command, environment)
        self.output = ""

    def write(self, text):
        os.write(self.fd, text.encode())

    def read_until(self, pattern):
        """What comes up to a pattern; the match."""
        while True:
            found = re.search(pattern, self.output, re.S)
            if found:
                self.output = self.output[found.end():]
                return found
            ready, _, _ = select.select([self.fd], [], [], 60)
            assert ready, f"nothing comes any more: {self.output!r}"
            self.output += os.read(self.fd, 65536).decode(errors="replace")

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


class Bash:
    """bash, with bash-completion, which finds the file by its name."""

    def __init__(self, environment, directory):
        self.terminal = Terminal(["bash", "--norc", "--noprofile", "-i"], environment, directory)
        setup = os.path.join(directory, "bash-setup")
        with open(setup, "w", encoding="utf-8") as file:
            file.write(BASH_SETUP)
        self.terminal.write(f". {setup}; echo read''y\n")
        self.terminal.read_until("ready")

    def complete(self, line):
        """The words that are offered for the last one of a line."""
        self.terminal.write(line + "\x0f\x14")
        whole = self.terminal.read_until("<<(.*?)>>")[1]
        before = line[:len(line) - len(line.split(" ")[-1])]
        assert whole.startswith(before), whole
        words = whole[len(before):].split()
        # Nothing was offered: the line is as it was.
        return [] if whole == line else words

    def close(self):
        self.terminal.close()


class Zsh:
    """zsh, with its completion system, which finds the function by its name."""

    def __init__(self, environment, directory):
        self.terminal = Terminal(["zsh", "-f", "-i"], environment, directory)
        setup = os.path.join(directory, "zsh-setup")
        with open(setup, "w", encoding="utf-8") as file:
            file.write(ZSH_SETUP)
        self.terminal.write(f". {setup}; echo read''y\n")
        self.terminal.read_until("ready")

    def complete(self, line):
        """The words that are offered for the last one of a line."""
        self.terminal.write(line + "\x14")
        output = self.terminal.read_until("<<done>>")
        hits = re.findall("<hit>(.*?)</hit>", output.string[:output.end()])
        self.terminal.write("\x15")
        return hits

    def close(self):
        self.terminal.close()


class Fish:
    """fish, which finds the file by its name."""

    def __init__(self, environment, directory):
        self.environment = environment
        self.directory = directory

    def complete(self, line):
        """The words that are offered for the last one of a line."""
        result = subprocess.run(["fish", "-c", "complete -C $argv[1]", line],
                                env=self.environment, cwd=self.directory, capture_output=True,
                                text=True, timeout=60, check=True)
        assert result.stderr == "", result.stderr
        return [row.split("\t")[0] for row in result.stdout.splitlines()]

    def close(self):
        pass
