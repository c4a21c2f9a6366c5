/// What the shell begins with that stands between a test run and a server.
enum KeeperScript {
    /// Closes the pipes that the shell has inherited beside its standard input.
    ///
    /// One of them may be the writing end of that input, which then would never end; others belong to programs that were
    /// started at the same moment, whose output would never end. What is no pipe stays open: by it `Process` sees that the
    /// shell lives. `exec` of more than one digit needs bash.
    static let closingPipes = """
        for file in /proc/$$/fd/*; do
            file=${file##*/}
            if [ "$file" -gt 2 ] && [ -p "/proc/$$/fd/$file" ]; then eval "exec $file>&-"; fi
        done
        exec >>"$folder/log" 2>&1

        """
}
