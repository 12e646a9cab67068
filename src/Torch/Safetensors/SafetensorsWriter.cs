namespace XVideo.Torch.Safetensors;

/// <summary>Writes one safetensors file, one tensor at a time, so that memory does not grow with the size of the file.</summary>
public static class SafetensorsWriter
{
    /// <summary>
    /// Writes a file under a temporary name in the same folder, brings it to the disk and renames it; a file already at <paramref name="path"/>
    /// is replaced. On any failure the temporary file is removed and the old file is untouched.
    /// </summary>
    /// <param name="path">Where the file goes; the folder must exist.</param>
    /// <param name="tensors">Names (unique), element types and shapes.</param>
    /// <param name="writeData">
    /// Called once per tensor with its index in <paramref name="tensors"/> and a write-only stream; must write exactly the tensor's bytes:
    /// contiguous, little-endian. Wider element types are asked for first (which aligns every tensor), else the order is that of
    /// <paramref name="tensors"/>.
    /// </param>
    /// <param name="metadata">Notes for the header, for example format = pt; null or empty means none.</param>
    /// <exception cref="ArgumentException">A name or shape cannot be stored: used twice, reserved, not Unicode, negative or overflowing.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="writeData"/> wrote too few or too many bytes.</exception>
    /// <exception cref="ModelFileException">The file cannot be created or written: folder missing, no permission, disk full.</exception>
    public static void Write(
        string path,
        IReadOnlyList<(string Name, SafetensorsDType DType, long[] Shape)> tensors,
        Action<int, Stream> writeData,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(writeData);
        WritePlan.CheckTensors(tensors, nameof(tensors));
        using PendingFile file = new WritePlan(tensors, Enumerable.Range(0, tensors.Count), metadata).Write(path, writeData);
        file.Commit();
    }
}
