namespace LPZero.Coordinator.Tests.Folders;

/// <summary>Which folders use which, as the using directives of their files say. A folder is a namespace.</summary>
internal sealed class FolderGraph
{
    private readonly SortedDictionary<(string From, string To), SortedSet<string>> uses = [];

    /// <summary>Reads source files; namespaces that none of them declares do not count.</summary>
    /// <param name="files">Names and contents.</param>
    public FolderGraph(IReadOnlyCollection<(string Name, string Text)> files)
    {
        var folders = files.ToDictionary(file => file, file => Names(file.Text, "namespace ").Single());
        foreach (var (file, from) in folders)
        {
            foreach (var to in Names(file.Text, "using ").Select(NearestFolder).Where(to => to is not null && to != from))
            {
                uses.TryAdd((from, to!), []);
                uses[(from, to!)].Add(file.Name);
            }
        }

        // A static using names a type in the folder.
        string? NearestFolder(string name) => folders.Values
            .Where(folder => name == folder || name.StartsWith(folder + ".", StringComparison.Ordinal))
            .MaxBy(folder => folder.Length);
    }

    /// <summary>Every use that lies on a cycle, with the files that make it: <c>A -> B (First.cs, Second.cs)</c>.</summary>
    public IEnumerable<string> Cycles()
    {
        var used = uses.Keys.ToLookup(use => use.From, use => use.To);
        return used.SelectMany(from => from.Where(to => Reaches(to, from.Key))
            .Select(to => $"{from.Key} -> {to} ({string.Join(", ", uses[(from.Key, to)])})"));

        bool Reaches(string start, string end)
        {
            var (reached, open) = (new HashSet<string>(StringComparer.Ordinal), new Stack<string>([start]));
            while (open.TryPop(out var folder))
            {
                if (reached.Add(folder))
                {
                    used[folder].ToList().ForEach(open.Push);
                }
            }

            return reached.Contains(end);
        }
    }

    private static IEnumerable<string> Names(string text, string keyword) =>
        text.Split('\n').Where(line => line.StartsWith(keyword, StringComparison.Ordinal) && line.EndsWith(';'))
            .Select(line => line[(line.LastIndexOf(' ') + 1)..^1]);
}
