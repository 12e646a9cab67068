namespace XVideo.SparseAttention.Selectors;

/// <summary>
/// Decides, for every head and query block, which key blocks count. One selector serves one request, so it may keep what it learns from step to
/// step (keyed by layer and branch of <see cref="SelectionContext.Place"/>); disposing it frees that.
/// </summary>
public interface IBlockSelector : IDisposable
{
    /// <summary>The name that requests and reports use, for example <c>xattention</c>.</summary>
    string Name { get; }

    /// <summary>Whether the choice depends on the layout and the grid alone, so that one list serves all layers, steps and heads.</summary>
    bool IsStatic { get; }

    /// <summary>Chooses.</summary>
    /// <returns>At least one block a row, on the device of the query; the caller disposes it.</returns>
    /// <remarks>On a GPU it only queues work: nothing waits for the device.</remarks>
    BlockList Select(in SelectionContext context);

    /// <summary>The order of tokens in which blocks are cut; <see langword="null"/> leaves them as they are. Asked before <see cref="Select"/>.</summary>
    /// <remarks>A new one each time: the engine frees it. It applies it to query, key and value before selection and attention, and undoes it on the output.</remarks>
    TokenOrder? Order(in SelectionContext context) => null;
}
