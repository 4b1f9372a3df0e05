using System.CommandLine;
using System.CommandLine.Completions;
using System.Text;

namespace LPZero.Seed.CommandLine;

/// <summary>
/// A completion for bash that is made once of the tree of commands, so that pressing the tabulator starts no process.
/// </summary>
internal static class BashCompletion
{
    /// <summary>The script, to be sourced.</summary>
    /// <param name="root">All commands.</param>
    /// <param name="besides">What else may come first.</param>
    public static string Script(Command root, params IReadOnlyList<string> besides)
    {
        var (commands, words, values) = (new List<string>(), new StringBuilder(), new StringBuilder());
        Add(root, path: "", inherited: []);
        return $$"""
            # Completes lpzero's commands, options and their values in bash. Made by: lpzero completion bash
            _lpzero() {
                local path= words= i current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
                for ((i = 1; i < COMP_CWORD; i++)); do
                    case "$path ${COMP_WORDS[i]}" in
                        {{string.Join('|', commands.Select(command => $"'{command}'"))}}) path="$path ${COMP_WORDS[i]}" ;;
                    esac
                done
                case "$path $previous" in
            {{values}}        *)
                        case "$path" in
            {{words}}            esac ;;
                esac
                COMPREPLY=($(compgen -W "$words" -- "$current"))
            }
            complete -o default -F _lpzero lpzero ./lpzero

            """;

        void Add(Command command, string path, IReadOnlyList<Option> inherited)
        {
            IReadOnlyList<Option> options = [.. command.Options.Where(option => !option.Hidden), .. inherited];
            string[] parts = [.. command.Subcommands.Where(part => !part.Hidden).SelectMany(part => part.Aliases.Prepend(part.Name))];
            var all = parts.Concat(path.Length == 0 ? besides : []).Concat(options.Select(option => option.Name));
            words.Append($"            '{path}') words='{string.Join(' ', all.Order(StringComparer.Ordinal))}' ;;\n");
            foreach (var option in options.Where(option => option.ValueType != typeof(bool)))
            {
                var names = option.GetCompletions(CompletionContext.Empty).Select(value => value.Label);
                values.Append($"        '{path} {option.Name}') words='{string.Join(' ', names)}' ;;\n");
            }

            IReadOnlyList<Option> passed = [.. inherited, .. command.Options.Where(option => option.Recursive && !option.Hidden)];
            foreach (var part in command.Subcommands.Where(part => !part.Hidden))
            {
                foreach (var name in part.Aliases.Prepend(part.Name))
                {
                    commands.Add($"{path} {name}");
                    Add(part, $"{path} {name}", passed);
                }
            }
        }
    }
}
