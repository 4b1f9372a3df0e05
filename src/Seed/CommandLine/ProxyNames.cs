using System.Collections.Immutable;
using LPZero.GpuNode.Proxies;
using LPZero.Messages;
using LPZero.Messages.Proxies;

namespace LPZero.Seed.CommandLine;

/// <summary>A published formula with a name.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Expression">The formula.</param>
/// <param name="Source">Who published it, and where.</param>
internal sealed record PublishedFormula(string Id, string Expression, string Source);

/// <summary>
/// What a proxy may be called where an expression may stand: the id of one that people designed, or a published formula's.
/// </summary>
internal static class ProxyNames
{
    /// <summary>
    /// LPZero's formulas, as the code of its authors applies them: to the weights and gradients of GPT-2, and what their search of
    /// FlexiBERT ended with, whose second branch is 0.
    /// </summary>
    public static ImmutableArray<PublishedFormula> Formulas { get; } =
    [
        new("lpzero-flexibert", "square(negate(H)) + log_softmax(frobenius_norm(A))",
            "Dong et al., arXiv 2410.04808; repository pprp/LPZero, search of FlexiBERT"),
        new("lpzero-gpt2", "l1_norm(square(W)) + square(softmax(G))", "Dong et al., arXiv 2410.04808, table 4; repository pprp/LPZero"),
    ];

    /// <summary>All ids, those of designed proxies first.</summary>
    public static IEnumerable<string> All =>
        DesignedProxies.All.Select(proxy => proxy.Id).Concat(Formulas.Select(formula => formula.Id));

    /// <summary>The expression that a text stands for.</summary>
    /// <param name="text">A published formula's id, or an expression.</param>
    /// <exception cref="UsageException">It is the id of a proxy that people designed, or like an id and none.</exception>
    /// <exception cref="ProxySyntaxException">It is an expression that does not parse.</exception>
    public static Proxy Expression(string text) => FindExpression(text) ?? throw new UsageException(
        $"{text} is a proxy that people designed, and no expression; ./lpzero proxy list says what it measures");

    /// <summary>The expression that a text stands for, or null where it is the id of a proxy that people designed.</summary>
    /// <param name="text">An id, or an expression.</param>
    /// <exception cref="UsageException">It looks like an id, but there is none like it.</exception>
    /// <exception cref="ProxySyntaxException">It is an expression that does not parse.</exception>
    public static Proxy? FindExpression(string text)
    {
        if (DesignedProxies.Find(text) is not null)
        {
            return null;
        }

        if (Formulas.FirstOrDefault(formula => formula.Id == text) is { } named)
        {
            return ProxyText.ParseProxy(named.Expression);
        }

        return text.Length > 1 && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
            ? throw new UsageException($"unknown proxy '{text}'; {NearestNames.Suggest(text, [.. All])}; ./lpzero proxy list shows all")
            : ProxyText.ParseProxy(text);
    }
}
