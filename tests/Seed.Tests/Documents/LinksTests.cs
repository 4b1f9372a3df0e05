namespace LPZero.Seed.Tests.Documents;

public sealed class LinksTests
{
    [Fact]
    public void Every_link_within_the_repository_leads_somewhere()
    {
        var dead = new List<string>();
        foreach (var (path, text) in Markdown.Pages)
        {
            foreach (var target in Markdown.Links(text).Where(target => !target.Contains("://", StringComparison.Ordinal)))
            {
                var parts = target.Split('#');
                var file = parts[0].Length == 0 ? path : Path.Combine(Path.GetDirectoryName(path)!, parts[0]);
                var full = Path.GetFullPath(file, Repository.Root!);
                if (!Path.Exists(full)
                    || (parts.Length > 1 && !Markdown.Anchors(File.ReadAllText(full)).Contains(parts[1], StringComparer.Ordinal)))
                {
                    dead.Add($"{path}: {target}");
                }
            }
        }

        Assert.Empty(dead);
    }

    [Fact]
    public void Every_path_that_a_page_names_is_there()
    {
        var named = Markdown.Pages.SelectMany(page => Markdown.Paths(page.Text).Select(path => (Page: page.Path, Path: path))).ToList();
        Assert.NotEmpty(named);
        Assert.All(named, each => Assert.True(Path.Exists(Path.Combine(Repository.Root!, each.Path)), $"{each.Page}: {each.Path}"));
    }

    [Fact]
    public void Every_page_of_docs_is_named_in_the_README()
    {
        Assert.NotEmpty(Markdown.Docs);
        Assert.Empty(Markdown.Docs.Except(Markdown.Links(Markdown.Page("README.md"))));
    }

    [Fact]
    public void Links_and_anchors_are_found()
    {
        const string Page = "# A page, of two\n\n[one](docs/a.md#b) and `[not](this)`\n\n## 2. Part_x\n";
        Assert.Equal(["docs/a.md#b"], Markdown.Links(Page));
        Assert.Equal(["a-page-of-two", "2-part_x"], Markdown.Anchors(Page));
    }
}
